package jsonpos_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// payload is of the usual size and shape.
var payload = []byte(`{"entityId":"track-000123","description":{"name":"North \"gate\""},"isLive":true,` +
	`"location":{"position":{"latitudeDegrees":47.3769,"longitudeDegrees":8.5417}},"tags":["a","b"]}`)

func BenchmarkParse(b *testing.B) {
	b.SetBytes(int64(len(payload)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := jsonpos.Parse(payload); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTokens measures the decoder alone: the lower bound of
// BenchmarkParse.
func BenchmarkTokens(b *testing.B) {
	var input bytes.Buffer
	var decoder jsontext.Decoder
	options := []jsontext.Options{jsontext.AllowDuplicateNames(true)}
	b.SetBytes(int64(len(payload)))
	b.ReportAllocs()
	for b.Loop() {
		input = *bytes.NewBuffer(payload)
		decoder.Reset(&input, options...)
		for {
			if _, err := decoder.ReadToken(); err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkManyMembers shows whether the time of a large object grows in proportion
// to its size: compare the MB/s with the other benchmarks.
func BenchmarkManyMembers(b *testing.B) {
	data := manyMembers(100_000)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := jsonpos.Parse(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpenBrackets(b *testing.B) {
	data := []byte(strings.Repeat("[", 1_000_000))
	for b.Loop() {
		if _, err := jsonpos.Parse(data); err == nil {
			b.Fatal("no error")
		}
	}
}
