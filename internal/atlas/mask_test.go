package atlas_test

import (
	"testing"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
)

func TestMask(t *testing.T) {
	for _, tc := range []struct{ how, secret, want string }{
		{schemas.MaskLast4, "0123456789abcdef", "************cdef"},
		{schemas.MaskLast4, "abcde", "*bcde"},
		{schemas.MaskLast4, "abcd", "****"},
		{schemas.MaskLast4, "", ""},
		{schemas.MaskLast4, "schlüssel", "*****ssel"},
		{schemas.MaskOrigin, "https://hooks.example.com/a/b/2101", "https://hooks.example.com/****2101"},
		{schemas.MaskOrigin, "http://h/x", "http://h/****/h/x"},
		{schemas.MaskOrigin, "https://user:password@h.example/abcdef", "https://h.example/****cdef"},
		{schemas.MaskOrigin, "http://./?%###", "http://./****%###"},
		{schemas.MaskOrigin, "ftp://hooks.example.com/a", "*********************om/a"},
	} {
		got := atlas.Mask(tc.how, tc.secret)
		if got != tc.want {
			t.Errorf("%s of %q is %q, want %q", tc.how, tc.secret, got, tc.want)
		}
		if again := atlas.Mask(tc.how, got); again != got {
			t.Errorf("%s of the mask %q is %q", tc.how, got, again)
		}
	}
}
