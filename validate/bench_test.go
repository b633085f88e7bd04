package validate_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/validate"
)

const benchPayload = `{
  "type": "DATADOG",
  "apiKey": "0123456789abcdef0123456789abcdef",
  "region": "US5",
  "sendDatabaseMetrics": true,
  "sendQueryStatsMetrics": false,
  "sendUserProvidedResourceTags": true
}
`

func BenchmarkCheck(b *testing.B) {
	for name, payload := range map[string]string{
		"valid":   benchPayload,
		"invalid": strings.Replace(benchPayload, "US5", "US1", 1),
	} {
		b.Run(name, func(b *testing.B) {
			v, err := validate.New(validate.Options{})
			if err != nil {
				b.Fatal(err)
			}
			data := []byte(payload)
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				v.Check("bench", data)
			}
		})
	}
}

func BenchmarkFile(b *testing.B) {
	file := filepath.Join(b.TempDir(), "bench.json")
	if err := os.WriteFile(file, []byte(benchPayload), 0o600); err != nil {
		b.Fatal(err)
	}
	v, err := validate.New(validate.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("read", func(b *testing.B) {
		buf := make([]byte, 4096)
		for b.Loop() {
			in, err := os.Open(file)
			if err != nil {
				b.Fatal(err)
			}
			for n := 1; n > 0; {
				n, _ = in.Read(buf)
			}
			in.Close()
		}
	})
	b.Run("check", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := v.CheckFile(file, validate.ByName); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkLines(b *testing.B) {
	for _, jobs := range []int{1, 2} {
		b.Run(fmt.Sprintf("jobs=%d", jobs), func(b *testing.B) {
			v, err := validate.New(validate.Options{Jobs: jobs})
			if err != nil {
				b.Fatal(err)
			}
			line := strings.NewReplacer("\n", "", "  ", "").Replace(benchPayload) + "\n"
			input := strings.Repeat(line, 10_000)
			b.SetBytes(int64(len(input)))
			b.ReportAllocs()
			for b.Loop() {
				r, err := v.CheckReader("bench", strings.NewReader(input), validate.Lines)
				if err != nil || r.Payloads != 10_000 || r.Errors > 0 {
					b.Fatal(r, err)
				}
			}
		})
	}
}
