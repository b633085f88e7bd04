package reference

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the source of internal/gen/reference
	"encoding/json"
)

//go:embed reference.go.tmpl
var source string // of the package internal/gen/reference

// archive compresses the files, as JSON with the names in order.
func archive(files map[string][]byte) ([]byte, error) {
	texts := map[string]string{}
	for name, data := range files {
		texts[name] = string(data)
	}
	var out bytes.Buffer
	zip, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	enc := json.NewEncoder(zip)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(texts); err != nil {
		return nil, err
	}
	err = zip.Close()
	return out.Bytes(), err
}
