package serving

import (
	"os"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/savefile"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
)

// addressFile is a file with the base URL of a running server. Readers see the whole file or none.
type addressFile struct {
	path, url string
	draft     *savefile.Draft
}

// createAddressFile checks that the file can be written, before the server listens. If the path is "", there is no
// file and the methods do nothing.
func createAddressFile(path string) (*addressFile, error) {
	if path == "" {
		return &addressFile{}, nil
	}
	if savefile.NamesFolder(path) {
		return nil, exit.Usagef("--addr-file %s is a folder; name a file in it", redact.Path(path))
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, exit.Usagef("--addr-file %s is not a regular file; name another file", redact.Path(path))
	}
	draft, err := savefile.NewDraft(path)
	if err != nil {
		return nil, err
	}
	return &addressFile{path: path, draft: draft}, nil
}

// publish writes the base URL to the file.
func (a *addressFile) publish(url string) error {
	if a.path == "" {
		return nil
	}
	if err := a.draft.Publish([]byte(url+"\n"), 0o644); err != nil { // an address is no secret
		return err
	}
	a.url = url
	return nil
}

// remove removes the file, unless it has the URL of another server by now.
func (a *addressFile) remove() {
	if a.path == "" {
		return
	}
	if a.url == "" {
		a.draft.Discard()
		return
	}
	if data, err := readfile.Regular(a.path, int64(len(a.url)+1)); err == nil && string(data) == a.url+"\n" {
		_ = os.Remove(a.path)
	}
}
