package dist

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"cmp"
	"compress/gzip"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"
)

// packed is a file of an archive, with its path relative to the folder in the archive.
type packed struct {
	name string
	mode fs.FileMode
	data []byte
}

// contents returns the files of an archive, sorted by path.
func (r *Release) contents(binary string) ([]packed, error) {
	data, err := os.ReadFile(binary)
	if err != nil {
		return nil, err
	}
	files := []packed{{filepath.Base(binary), 0o755, data}}
	for _, f := range r.config.archive().Files {
		found, err := filepath.Glob(filepath.Join(r.root, f.Pattern))
		if err != nil || len(found) == 0 {
			return nil, fmt.Errorf("nothing matches %s of .goreleaser.yaml: %w", f.Pattern, err)
		}
		for _, file := range found {
			data, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			files = append(files, packed{path.Join(f.Folder, filepath.Base(file)), 0o644, data})
		}
	}
	slices.SortFunc(files, func(a, b packed) int { return cmp.Compare(a.name, b.name) })
	return files, nil
}

// writeArchive writes an archive with the files below a folder. All of them have root as owner and the given date.
func writeArchive(file, folder string, files []packed, date time.Time) error {
	var out bytes.Buffer
	write := writeTarGz
	if path.Ext(file) == ".zip" {
		write = writeZip
	}
	if err := write(&out, folder, files, date); err != nil {
		return err
	}
	return os.WriteFile(file, out.Bytes(), 0o644)
}

func writeTarGz(out *bytes.Buffer, folder string, files []packed, date time.Time) error {
	packer, err := gzip.NewWriterLevel(out, gzip.BestCompression)
	if err != nil {
		return err
	}
	w := tar.NewWriter(packer)
	for _, f := range files {
		header := &tar.Header{
			Name: path.Join(folder, f.name), Mode: int64(f.mode), Size: int64(len(f.data)),
			ModTime: date, Uname: "root", Gname: "root", Format: tar.FormatUSTAR,
		}
		if err := w.WriteHeader(header); err != nil {
			return err
		}
		if _, err := w.Write(f.data); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return packer.Close()
}

func writeZip(out *bytes.Buffer, folder string, files []packed, date time.Time) error {
	w := zip.NewWriter(out)
	for _, f := range files {
		header := &zip.FileHeader{Name: path.Join(folder, f.name), Method: zip.Deflate, Modified: date}
		header.SetMode(f.mode)
		entry, err := w.CreateHeader(header)
		if err != nil {
			return err
		}
		if _, err := entry.Write(f.data); err != nil {
			return err
		}
	}
	return w.Close()
}
