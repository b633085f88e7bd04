package fakectl

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"net/http"
	"os"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/savefile"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/words"
)

func newSnapshot(f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "snapshot",
		Short:   "Save or restore the stored data",
		Example: "  atlasint fake snapshot save before.json\n  atlasint fake snapshot restore before.json",
		RunE:    withoutArguments(func(cmd *cobra.Command) error { return cmd.Help() }),
	}
	cmd.AddCommand(newSave(f), newRestore(f))
	return cmd
}

func newSave(f *flags) *cobra.Command {
	return &cobra.Command{
		Use:   "save FILE",
		Short: "Save all stored data in a file",
		Long: `Writes all stored data to a file that only you can read and write. It replaces a snapshot, and no other file.
The data contains secrets as they were sent if the server keeps them, as with the memory store; other stores keep
masks.`,
		Example: `  atlasint fake snapshot save before.json`,
		Args:    exactly(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return f.save(cmd, args[0]) },
	}
}

func (f *flags) save(cmd *cobra.Command, file string) error {
	if err := checkSnapshotFile(file); err != nil {
		return err
	}
	c, err := f.client()
	if err != nil {
		return err
	}
	var snapshot json.RawMessage
	header, err := c.send(cmd.Context(), call{method: http.MethodGet, path: "state", member: "projects", maxResponse: maxSnapshot}, &snapshot)
	if err != nil {
		return err
	}
	var about struct{ Projects map[string]json.RawMessage }
	if decode(snapshot, &about) != nil {
		return c.notFakeError(http.StatusOK)
	}
	draft, err := savefile.NewDraft(file)
	if err != nil {
		return err
	}
	if err := draft.Publish(append(snapshot, '\n'), 0o600); err != nil {
		return err
	}
	secrets := "the file may contain secrets"
	switch header.Get("Atlasint-Secrets") {
	case "plain":
		secrets = "the file contains secrets"
	case "masked":
		secrets = "the secrets in the file are masked"
	}
	return printText(cmd, "saved "+words.Quantity(len(about.Projects), "project")+"; "+secrets+"\n")
}

// headSize is the length in bytes of the part of a snapshot that has the names of its members.
const headSize = 256

// checkSnapshotFile returns an error if a file exists that is not a snapshot, so that a snapshot never replaces another
// file. A link is replaced, and not the file that it names.
func checkSnapshotFile(file string) error {
	if file == "" || file == readfile.Stdin {
		return problem.Inputf("name a file for the snapshot; %q is none", file)
	}
	info, err := os.Lstat(file)
	switch {
	case savefile.NamesFolder(file), err == nil && info.IsDir():
		return problem.Inputf("can't write the snapshot to %s: it is a folder; name a file in it", redact.Path(file))
	case savefile.IsStream(file):
		return problem.Inputf("can't write the snapshot to %s: it is not a regular file; name another file", redact.Path(file))
	case err != nil, info.Mode().Type() == fs.ModeSymlink, info.Mode().IsRegular() && info.Size() == 0:
		return nil //nolint:nilerr // writing the file reports the error
	case !info.Mode().IsRegular():
		return problem.Inputf("can't write the snapshot to %s: it is not a regular file; name another file", redact.Path(file))
	}
	head, err := readfile.Head(file, headSize)
	if err == nil && bytes.HasPrefix(bytes.TrimSpace(head), []byte("{")) && bytes.Contains(head, []byte(`"format"`)) &&
		bytes.Contains(head, []byte(`"projects"`)) {
		return nil
	}
	return problem.Inputf("can't replace %s: it is not a snapshot; name another file, or delete it", redact.Path(file))
}

func newRestore(f *flags) *cobra.Command {
	return &cobra.Command{
		Use:   "restore FILE",
		Short: "Replace all stored data by a saved snapshot",
		Long: `Replaces all stored data with the snapshot in a file, "-" for standard input. The server validates it first; if
a part is rejected, nothing changes. A snapshot with masks in place of secrets, as stores of --store file: and redis:
save it, can only be restored into a server with such a store.`,
		Example: `  atlasint fake snapshot restore before.json`,
		Args:    exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			body, err := readJSON(cmd, args[0], "name a file that atlasint fake snapshot save wrote")
			if err != nil {
				return err
			}
			if err := f.change(cmd, call{method: http.MethodPut, path: "state", body: body}); err != nil {
				return err
			}
			return f.confirm(cmd, "restored the snapshot")
		},
	}
}
