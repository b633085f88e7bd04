package cli_test

import (
	"fmt"
	"slices"
	"strings"
)

const (
	opsGenie = `{"type":"OPS_GENIE","apiKey":"k"}`
	erase    = "\x1b[2J" // clears a terminal
)

// opsGenieWith returns a valid payload with more text, such as a member, before its last brace.
func opsGenieWith(more string) string { return opsGenie[:len(opsGenie)-1] + "," + more + "}" }

// hostile is a payload from an attacker, with the rules of its findings and a part of the first message.
type hostile struct{ name, data, rules, says string }

func nestings() []hostile {
	arrays := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	objects := func(n int) string { return strings.Repeat(`{"a":`, n) + "1" + strings.Repeat("}", n) }
	const deep = "more than 100 levels of arrays and objects"
	return []hostile{
		{"1e5 arrays", arrays(1e5), "syntax", deep},
		{"1e5 objects", objects(1e5), "syntax", deep},
		{"1e5 arrays in a field", opsGenieWith(`"x":` + arrays(1e5)), "syntax", deep},
		{"1e6 arrays that are never closed", strings.Repeat("[", 1e6), "syntax", deep},
		{"1e5 objects that are never closed", strings.Repeat(`{"a":`, 1e5), "syntax", deep},
		{"as deep as may be", opsGenieWith(`"x":` + arrays(99)), "unknown-field", ""},
		{"one level deeper", opsGenieWith(`"x":` + arrays(100)), "syntax", deep},
	}
}

func duplicates() []hostile {
	const twice = `the name "type" occurs twice in one object`
	return []hostile{
		{"the last type is good", `{"type":"BOGUS",` + opsGenie[1:], "duplicate-key", twice},
		{"the first type is good", opsGenieWith(`"type":"BOGUS"`), "duplicate-key type-unknown", twice},
		{"an escaped name", `{"\u0074ype":"OPS_GENIE",` + opsGenie[1:], "duplicate-key", twice},
		{"both names are escaped", `{"\u0074ype":"OPS_GENIE","t\u0079pe":"OPS_GENIE","apiKey":"k"}`, "duplicate-key", twice},
		{"three times", `{"type":"A","type":"B",` + opsGenie[1:], "duplicate-key duplicate-key", twice},
		{"the names of objects", `{"__proto__":{"type":"OPS_GENIE"},"constructor":1,` + opsGenie[1:], "unknown-field unknown-field", ""},
	}
}

func utf16(text string, bigEndian bool) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		if bigEndian {
			b.Write([]byte{0, c})
		} else {
			b.Write([]byte{c, 0})
		}
	}
	return b.String()
}

func encodings() []hostile {
	list := []hostile{
		{"UTF-8 with a BOM", "\xef\xbb\xbf" + opsGenie, "syntax", "(BOM)"},
		{"nothing but a BOM", "\xef\xbb\xbf", "syntax", "(BOM)"},
		{"UTF-16LE with a BOM", "\xff\xfe" + utf16(opsGenie, false), "syntax", "UTF-16 (little-endian)"},
		{"UTF-16BE with a BOM", "\xfe\xff" + utf16(opsGenie, true), "syntax", "UTF-16 (big-endian)"},
		{"UTF-16LE", utf16(opsGenie, false), "syntax", "UTF-16 (little-endian)"},
		{"UTF-16BE", utf16(opsGenie, true), "syntax", "UTF-16 (big-endian)"},
		{"UTF-32LE with a BOM", "\xff\xfe\x00\x00{\x00\x00\x00}\x00\x00\x00", "syntax", "UTF-32 (little-endian)"},
		{"a BOM behind the payload", opsGenie + "\ufeff", "syntax", "(BOM)"},
		{"a pair of surrogates", `{"type":"OPS_GENIE","apiKey":"\ud834\udd1e"}`, "", ""},
	}
	for _, bad := range []string{
		"\xff", "\xc3", "\xe2\x82", // no UTF-8, cut short
		"\xc0\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", // overlong
		"\xed\xa0\x80", "\xf4\x90\x80\x80", // a surrogate, past the last character
	} {
		list = append(list,
			hostile{fmt.Sprintf("%x in a value", bad), `{"type":"OPS_GENIE","apiKey":"` + bad + `"}`, "syntax", "not valid UTF-8"},
			hostile{fmt.Sprintf("%x in a name", bad), opsGenieWith(`"` + bad + `":1`), "syntax", "not valid UTF-8"},
			hostile{fmt.Sprintf("%x at the end", bad), opsGenie + bad, "syntax", "not valid UTF-8"},
		)
	}
	for _, half := range []string{`\ud800`, `\udc00`, `\ud800\u0041`, `\ud800\ud800`, `\udd1e\ud834`, `\ud800x`} {
		list = append(list,
			hostile{half + " in a value", `{"type":"OPS_GENIE","apiKey":"` + half + `"}`, "syntax", "lone surrogate"},
			hostile{half + " in a name", opsGenieWith(`"` + half + `":1`), "syntax", "lone surrogate"},
		)
	}
	return list
}

func grammar() []hostile {
	return []hostile{
		{"empty", "", "syntax", "the input is empty"},
		{"white space", " \r\n\t ", "syntax", "only white space"},
		{"NUL bytes", "\x00\x00\x00", "syntax", "NUL byte"},
		{"text behind the payload", opsGenie + " garbage", "syntax", "text after the end"},
		{"a bracket behind the payload", opsGenie + "}", "syntax", "closing } without an opening one"},
		{"a NUL behind the payload", opsGenie + "\x00", "syntax", "NUL byte"},
		{"two payloads", opsGenie + "\n" + opsGenie, "syntax", "a second value after the first"},
		{"cut short", opsGenie[:len(opsGenie)-1], "syntax", "the input ends before the object"},
		{"cut short in a string", opsGenie[:len(opsGenie)-2], "syntax", "never closed"},
		{"a trailing comma", `{"type":"OPS_GENIE","apiKey":"k",}`, "syntax", "trailing comma"},
		{"single quotes", `{'type':'OPS_GENIE'}`, "syntax", "single quotes"},
		{"names without quotes", `{type:"OPS_GENIE"}`, "syntax", "without double quotes"},
		{"a comment of one line", "// a\n" + opsGenie, "syntax", "comments are not allowed"},
		{"a comment", opsGenieWith("/* a */ "), "syntax", "comments are not allowed"},
		{"a comment that never ends", "/*" + opsGenie, "syntax", "comments are not allowed"},
		{"a raw line break", `{"type":"OPS_GENIE","apiKey":"a` + "\n" + `b"}`, "syntax", "line break inside a string"},
		{"a raw tab", `{"type":"OPS_GENIE","apiKey":"a` + "\t" + `b"}`, "syntax", "tab inside a string"},
		{"a raw NUL", `{"type":"OPS_GENIE","apiKey":"a` + "\x00" + `b"}`, "syntax", "NUL byte inside a string"},
		{"no object", `["type"]`, "not-an-object", ""},
		{"no value of a field", opsGenieWith(`"x":`), "syntax", "missing value"},
	}
}

// numbers returns payloads with numbers that other parsers read as infinity or parse slowly.
func numbers() []hostile {
	var list []hostile
	for _, number := range []string{
		"1e400", "-1e400", "1e-400", "1e999999999", "1e9999999", "-1E+9999999", "1e-9999999", "0e9999999",
		strings.Repeat("9", 100_000), "0." + strings.Repeat("0", 100_000) + "1", "1e" + strings.Repeat("9", 100_000),
		"NaN", "-Infinity", "Infinity", "01", "-01", "+1", "1.", ".5", "0x10", "1e", "--1", "1_000",
	} {
		for where, data := range map[string]string{
			"for a text":    `{"type":"OPS_GENIE","apiKey":` + number + `}`,
			"for a boolean": `{"type":"PROMETHEUS","enabled":` + number + `}`,
			"for the type":  `{"type":` + number + `}`,
			"unknown":       opsGenieWith(`"x":` + number),
			"nested":        opsGenieWith(`"x":{"y":[0,` + number + `]}`),
			"alone":         number,
		} {
			list = append(list, hostile{fmt.Sprintf("%.12s of %d bytes %s", number, len(number), where), data, "syntax", ""})
		}
	}
	return append(list, hostile{"a number that is only large", opsGenieWith(`"x":1e308`), "unknown-field", ""})
}

func escapes() []hostile {
	var list []hostile
	for _, char := range []string{`\u001b[2J`, `\u0000`, `\u007f`, `\u009b2J`, `\u202e`, `\n::error::x`, `\r`, `\u2028`} {
		list = append(list,
			hostile{char + " in a name", opsGenieWith(`"` + char + `":1`), "unknown-field", "OPS_GENIE: unknown field"},
			hostile{char + " in the type", `{"type":"` + char + `"}`, "type-unknown", "unknown type"},
			hostile{char + " in a value", opsGenieWith(`"region":"` + char + `"`), "enum", "OPS_GENIE.region"},
		)
	}
	return append(list,
		hostile{"a raw escape in a name", opsGenieWith(`"` + erase + `":1`), "syntax", "control character inside a string"},
		hostile{"a raw escape in a value", `{"type":"` + erase + `"}`, "syntax", "control character inside a string"},
		hostile{"a raw escape", erase + opsGenie, "syntax", "control character outside a string"},
		hostile{"a raw C1 control", opsGenieWith("\"\u009b2J\":1"), "unknown-field", ""},
		hostile{"text from right to left", opsGenieWith("\"\u202e\":1"), "unknown-field", ""},
	)
}

func hostiles() []hostile {
	return slices.Concat(nestings(), duplicates(), encodings(), grammar(), numbers(), escapes())
}
