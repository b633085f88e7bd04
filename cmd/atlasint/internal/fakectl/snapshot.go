package fakectl

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/draft"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
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
		Long: `Writes all stored data to a file that only you can read and write, and replaces an existing one. The data
contains secrets as they were sent if the server keeps them, as with the memory store; other stores keep masks.`,
		Example: `  atlasint fake snapshot save before.json`,
		Args:    exactly(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return f.save(cmd, args[0]) },
	}
}

func (f *flags) save(cmd *cobra.Command, file string) error {
	c, err := f.client()
	if err != nil {
		return err
	}
	var snapshot json.RawMessage
	header, err := c.send(cmd.Context(), call{method: http.MethodGet, path: "state", member: "projects"}, &snapshot)
	if err != nil {
		return err
	}
	var about struct{ Projects map[string]json.RawMessage }
	if decode(snapshot, &about) != nil {
		return c.notFakeError(http.StatusOK)
	}
	if err := savePrivate(file, append(snapshot, '\n')); err != nil {
		return exit.Failuref("can't write %s: %v", redact.Path(file), exit.Cause(err))
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

// savePrivate writes a file that only its owner can read. Readers see the whole file or the one before.
func savePrivate(file string, data []byte) error {
	out, err := draft.Create(filepath.Dir(file))
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(out.Name()) }() // fails once the file has its name
	_, err = out.Write(data)
	if closed := out.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(out.Name(), file)
}

func newRestore(f *flags) *cobra.Command {
	return &cobra.Command{
		Use:   "restore FILE",
		Short: "Replace all stored data by a saved snapshot",
		Long: `Replaces all stored data with the snapshot in a file, "-" for standard input. The server validates it first; if
a part is rejected, nothing changes.`,
		Example: `  atlasint fake snapshot restore before.json`,
		Args:    exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			body, err := readJSON(cmd, args[0])
			if err != nil {
				return err
			}
			if err := f.run(cmd, call{method: http.MethodPut, path: "state", body: body}, nil); err != nil {
				return err
			}
			return f.confirm(cmd, "restored the snapshot")
		},
	}
}
