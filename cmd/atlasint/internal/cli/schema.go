package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/editor"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
)

func newSchema() *cobra.Command {
	var api, out, base string
	var all bool
	cmd := &cobra.Command{
		Use:   "schema {TYPE | --all -o DIR}",
		Short: "Print the JSON Schema of a type's request bodies, or write all for editors",
		Long: `Prints a self-contained JSON Schema (draft 2020-12) for the request bodies of one type: closed, so that
an unknown field is refused, as Atlas does.

With --all it writes schemas for editors into a folder: one for each type of both generations, one for all
types of a generation, integration.json, and a catalogue of them, catalog.json. They complete, explain
and check payloads while they are written, are draft-07, and take ${env:NAME} and ${file:PATH} for any
text. A folder that has them is brought up to date; a file that is none of them is never overwritten.`,
		Example:           "  atlasint schema DATADOG\n  atlasint schema FLOWDOCK --api v1.0 -o flowdock.json\n  atlasint schema --all -o .vscode/atlas",
		ValidArgsFunction: completeType(&api),
		Args: func(cmd *cobra.Command, args []string) error {
			if all {
				return nothingBut(cmd, args)
			}
			return oneType(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if all {
				return writeEditorSchemas(cmd, out, base)
			}
			return printSchema(cmd, api, args[0], out)
		},
	}
	apiFlag(cmd, &api)
	cmd.Flags().StringVarP(&out, "output", "o", "", "write to this file instead of standard output; with --all to this folder")
	cmd.Flags().BoolVar(&all, "all", false, "write the schemas for editors, of all types and both generations")
	cmd.Flags().StringVar(&base, "base-url", "", "with --all: where the folder will be served, for the links in catalog.json (default: the folder itself)")
	return cmd
}

// nothingBut refuses what makes no sense beside --all.
func nothingBut(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) > 0:
		return errors.New("--all writes every type; leave the type out")
	case cmd.Flags().Changed("api"):
		return errors.New("--all writes both generations; leave --api out")
	case cmd.Flag("output").Value.String() == "":
		return errors.New("--all needs a folder: -o DIR")
	}
	return nil
}

func printSchema(cmd *cobra.Command, api, name, file string) error {
	if cmd.Flags().Changed("base-url") {
		return exit.Usagef("--base-url goes with --all only")
	}
	if err := checkAPI(api); err != nil {
		return err
	}
	data, ok := schemas.Schema(api, name)
	if !ok {
		return unknownType(api, name)
	}
	return write(cmd, file, data)
}

// writeEditorSchemas brings the folder up to date. It looks at all files before it writes the first.
func writeEditorSchemas(cmd *cobra.Command, dir, base string) error {
	base, err := baseURL(base, dir)
	if err != nil {
		return err
	}
	files, err := editor.Files(base)
	if err != nil {
		return exit.Failuref("%v", err)
	}
	folder, err := openFolder(dir)
	if err != nil {
		return err
	}
	defer folder.Close()
	stale, err := outdated(folder, files)
	if err != nil {
		return err
	}
	for _, f := range stale {
		if err := saveSchema(folder, f); err != nil {
			return saveError(filepath.Join(dir, filepath.FromSlash(f.Path)), err)
		}
	}
	for _, path := range leftOver(folder, files) {
		complain(cmd.ErrOrStderr(), redact.Path(filepath.Join(dir, path))+" is left from another version; delete it")
	}
	return write(cmd, "", fmt.Appendf(nil, "%s: %d schemas and a catalogue, %s written\n", redact.Path(dir), len(files)-1, counted(len(stale), "file")))
}

// baseURL ends in a slash. Without one given, links lead to the folder itself.
func baseURL(base, dir string) (string, error) {
	if base != "" {
		u, err := url.Parse(base)
		if err != nil || !u.IsAbs() || u.Opaque != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
			return "", exit.Usagef("--base-url wants an absolute URL without user, query and fragment, such as https://example.com/schemas")
		}
		return strings.TrimSuffix(base, "/") + "/", nil
	}
	whole, err := filepath.Abs(dir)
	if err != nil {
		return "", exit.Failuref("can't find the working directory: %v", err)
	}
	whole = filepath.ToSlash(whole)
	if !strings.HasPrefix(whole, "/") {
		whole = "/" + whole // C:/folder
	}
	return (&url.URL{Scheme: "file", Path: strings.TrimSuffix(whole, "/") + "/"}).String(), nil
}

// outdated are the files that are missing in the folder or other there. What is none of ours stays.
func outdated(folder *os.Root, files []editor.File) ([]editor.File, error) {
	var stale []editor.File
	for _, f := range files {
		path := filepath.FromSlash(f.Path)
		full := filepath.Join(folder.Name(), path)
		found, err := readRegular(folder, path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			stale = append(stale, f)
		case err != nil:
			return nil, saveError(full, err)
		case bytes.Equal(found, f.Data):
		case editor.Ours(found):
			stale = append(stale, f)
		default:
			return nil, exit.Usagef("%s is not one of these schemas; move it away, or choose another folder", redact.Path(full))
		}
	}
	return stale, nil
}

// maxSchema is more bytes than any of the schemas has: a larger file is not one of them.
const maxSchema = 16 << 20

// readRegular reads a file below a folder that is no link. It opens no FIFO, which would keep it waiting.
func readRegular(folder *os.Root, path string) ([]byte, error) {
	info, err := folder.Lstat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%w; move it away, or choose another folder", readfile.ErrNotRegular)
	}
	if err != nil {
		return nil, err
	}
	in, err := folder.Open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return io.ReadAll(io.LimitReader(in, maxSchema))
}

func saveSchema(folder *os.Root, f editor.File) error {
	path := filepath.FromSlash(f.Path)
	if err := folder.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return saveIn(folder, path, f.Data, true)
}

// leftOver are files below the folder that another version made and this one does not.
func leftOver(folder *os.Root, files []editor.File) []string {
	made := map[string]bool{}
	for _, f := range files {
		made[filepath.FromSlash(f.Path)] = true
	}
	var left []string
	for _, g := range atlas.Versions() {
		found, err := fs.ReadDir(folder.FS(), g)
		if err != nil {
			continue
		}
		for _, entry := range found {
			path := filepath.Join(g, entry.Name())
			if data, err := readRegular(folder, path); err == nil && !made[path] && editor.Ours(data) {
				left = append(left, path)
			}
		}
	}
	return left
}
