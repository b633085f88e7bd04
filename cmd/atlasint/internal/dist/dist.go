// Package dist builds the files of a release according to .goreleaser.yaml. They are the same bytes for the same commit
// and the same version of Go. [Open] reads the configuration, and [Release.Make] builds the files.
package dist

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/cli"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/clidoc"
)

// Release is the release of one commit.
type Release struct {
	root    string
	config  config
	source  source
	targets []platform
	named   bool // the targets are not simply all
}

// platform is the system and the architecture of a binary.
type platform struct{ os, arch string }

func (t platform) String() string { return t.os + "/" + t.arch }

// Open reads .goreleaser.yaml and the commit of the module at root. The environment variables VERSION, COMMIT and
// SOURCE_DATE_EPOCH override the values from git. If all three are set, git is not needed.
func Open(root string) (*Release, error) {
	config, err := readConfig(filepath.Join(root, ".goreleaser.yaml"))
	if err != nil {
		return nil, err
	}
	source, err := readSource(root)
	if err != nil {
		return nil, err
	}
	source.ProjectName = config.Project
	r := &Release{root: root, config: config, source: source}
	for _, system := range config.build().OS {
		for _, arch := range config.build().Arch {
			r.targets = append(r.targets, platform{system, arch})
		}
	}
	return r, nil
}

// Only limits the release to the targets in the list, such as "linux/amd64,windows/arm64". An empty list keeps all
// targets.
func (r *Release) Only(list string) error {
	if list == "" {
		return nil
	}
	var kept []platform
	for name := range strings.SplitSeq(list, ",") {
		i := slices.IndexFunc(r.targets, func(t platform) bool { return t.String() == name })
		if i < 0 {
			return fmt.Errorf(".goreleaser.yaml has no target %s; it has %v", name, r.targets)
		}
		kept = append(kept, r.targets[i])
	}
	r.targets, r.named = kept, true
	return nil
}

// Make replaces the folder with one that contains the archives, an SBOM for each binary, and the checksums of all files.
func (r *Release) Make(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "dist-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	if err := errors.Join(os.MkdirAll(dir, 0o755), r.Docs(filepath.Join(r.root, "bin"))); err != nil {
		return err
	}
	for _, t := range r.targets {
		if err := r.pack(t, work, dir); err != nil {
			return fmt.Errorf("%s: %w", t, err)
		}
	}
	return writeSums(dir, r.config.Checksum.Name)
}

// pack writes the archive and the SBOM of one target.
func (r *Release) pack(t platform, work, dir string) error {
	binary := filepath.Join(work, t.os, t.arch, r.config.build().Binary)
	if t.os == "windows" {
		binary += ".exe"
	}
	if err := r.build(t, binary); err != nil {
		return err
	}
	name, err := r.source.fill(r.config.archive().Name, t)
	if err != nil {
		return err
	}
	if err := r.SBOM(binary, filepath.Join(dir, name+".cdx.json")); err != nil {
		return err
	}
	files, err := r.contents(binary)
	if err != nil {
		return err
	}
	return writeArchive(filepath.Join(dir, name+"."+r.config.archive().format(t.os)), name, files, r.source.Date)
}

// Docs writes the other files of an archive: completions and manual pages, each into a folder below dir, and the
// licences of the linked modules.
func (r *Release) Docs(dir string) error {
	files := map[string][]byte{}
	for name, page := range clidoc.Man(cli.Tree(), r.source.Date, r.source.Tag) {
		files[filepath.Join("man", name)] = page
	}
	for shell, file := range map[string]string{"bash": "atlasint.bash", "zsh": "_atlasint", "fish": "atlasint.fish", "powershell": "atlasint.ps1"} {
		var script, complaints strings.Builder
		if cli.Run([]string{"completion", shell}, strings.NewReader(""), &script, &complaints) != 0 {
			return fmt.Errorf("completion %s: %s", shell, complaints.String())
		}
		files[filepath.Join("completions", file)] = []byte(script.String())
	}
	for _, folder := range []string{"man", "completions"} { // no page of a removed command
		if err := os.RemoveAll(filepath.Join(dir, folder)); err != nil {
			return err
		}
	}
	for name, data := range files {
		file := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, data, 0o644)); err != nil {
			return err
		}
	}
	return r.Licences(filepath.Join(dir, "THIRD-PARTY-LICENSES"))
}

// Binary builds the command into a file, for this machine unless [Release.Only] selected another target.
func (r *Release) Binary(file string) error {
	t := platform{runtime.GOOS, runtime.GOARCH}
	switch {
	case len(r.targets) == 1:
		t = r.targets[0]
	case r.named:
		return fmt.Errorf("one file can't contain the binaries for %v; name one target", r.targets)
	}
	return r.build(t, file)
}

// writeSums writes the SHA-256 checksums of the files in a folder, in the format of sha256sum.
func writeSums(dir, name string) error {
	entries, err := os.ReadDir(dir) // sorted
	if err != nil {
		return err
	}
	var sums strings.Builder
	for _, entry := range entries {
		data, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(data), entry.Name())
	}
	return os.WriteFile(filepath.Join(dir, name), []byte(sums.String()), 0o644)
}
