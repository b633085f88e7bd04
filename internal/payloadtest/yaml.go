package payloadtest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// YAML returns a value in YAML, each part in a random style, and the value with its places in the YAML.
func YAML(random *rand.Rand, v *jsonpos.Value) ([]byte, jsonpos.Value) {
	w := &yamlWriter{random: random}
	if random.IntN(4) == 0 {
		w.write("# comment: [\n---\n")
	}
	flow := len(v.Members)+len(v.Elements) == 0 || random.IntN(3) == 0
	written := w.value(v, 0, flow, false)
	w.write(w.pick("\n", "\n# comment\n", "\n...\n", "\n---\n"))
	return w.out, written
}

type yamlWriter struct {
	random  *rand.Rand
	out     []byte
	anchors []jsonpos.Value // by the number in the name of the anchor
}

func (w *yamlWriter) write(text string)          { w.out = append(w.out, text...) }
func (w *yamlWriter) chance(one int) bool        { return w.random.IntN(one) == 0 }
func (w *yamlWriter) pick(list ...string) string { return list[w.random.IntN(len(list))] }
func (w *yamlWriter) line(indent int)            { w.write("\n" + strings.Repeat(" ", indent)) }

// value writes a value. Nested is whether a name or a dash is before it, indent is the indentation of its parts.
func (w *yamlWriter) value(v *jsonpos.Value, indent int, flow, nested bool) jsonpos.Value {
	if nested && w.chance(5) {
		for i := range w.anchors {
			if same(&w.anchors[i], v) {
				start := len(w.out)
				w.write(fmt.Sprintf("*a%d", i))
				end := len(w.out)
				if flow {
					w.write(" ")
				}
				return moved(v, start, end)
			}
		}
	}
	anchored := nested && w.chance(5)
	number := len(w.anchors)
	if anchored {
		w.write(fmt.Sprintf("&a%d ", number))
		w.anchors = append(w.anchors, jsonpos.Value{Start: -1})
	}
	written := w.plain(v, indent, flow, nested)
	if anchored {
		w.anchors[number] = written
	}
	return written
}

func (w *yamlWriter) plain(v *jsonpos.Value, indent int, flow, nested bool) jsonpos.Value {
	size := len(v.Members) + len(v.Elements)
	switch {
	case size == 0 && v.Kind < jsonpos.Array:
		return w.scalar(v, indent, flow)
	case size == 0 || flow || nested && w.chance(4):
		return w.flow(v, indent)
	}
	if nested {
		if w.chance(4) {
			w.write(" # comment")
		}
		w.line(indent)
	}
	return w.block(v, indent)
}

func (w *yamlWriter) flow(v *jsonpos.Value, indent int) jsonpos.Value {
	opening, closing := "{", "}"
	if v.Kind == jsonpos.Array {
		opening, closing = "[", "]"
	}
	written := jsonpos.Value{Kind: v.Kind, Start: len(w.out)}
	w.write(opening)
	separate := func(i int) {
		if i > 0 {
			w.write(w.pick(", ", ",", ","+"\n"+strings.Repeat(" ", indent+1), ", # comment }\n"+strings.Repeat(" ", indent+1)))
		}
	}
	for i := range v.Elements {
		separate(i)
		written.Elements = append(written.Elements, w.value(&v.Elements[i], indent+1, true, true))
	}
	for i := range v.Members {
		separate(i)
		m := w.name(v.Members[i].Name)
		w.write(": ")
		m.Value = w.value(&v.Members[i].Value, indent+1, true, true)
		written.Members = append(written.Members, m)
	}
	if len(v.Elements)+len(v.Members) > 0 {
		w.write(w.pick("", " ", ",", " ,\n"+strings.Repeat(" ", indent+1)))
	}
	w.write(closing)
	written.End = len(w.out)
	return written
}

func (w *yamlWriter) block(v *jsonpos.Value, indent int) jsonpos.Value {
	written := jsonpos.Value{Kind: v.Kind, Start: len(w.out)}
	for i := range v.Elements {
		if i > 0 {
			w.line(indent)
		}
		w.write("- ")
		dash := len(w.out) - 1
		one := w.value(&v.Elements[i], indent+2, false, true)
		written.Elements = append(written.Elements, one)
		written.End = max(one.End, dash)
	}
	for i := range v.Members {
		if i > 0 {
			w.line(indent)
		}
		m := w.name(v.Members[i].Name)
		w.write(w.pick(":", " :"))
		colon := len(w.out)
		if one := &v.Members[i].Value; one.Kind == jsonpos.Null && w.chance(2) {
			m.Value = jsonpos.Value{Start: colon, End: colon}
		} else {
			w.write(" ")
			m.Value = w.value(one, indent+2, false, true)
		}
		written.Members = append(written.Members, m)
		written.End = m.Value.End
	}
	return written
}

func (w *yamlWriter) name(name string) jsonpos.Member {
	m := jsonpos.Member{Name: name, NameStart: len(w.out)}
	if plainText.MatchString(name) && !strings.Contains(name, " ") && w.chance(2) {
		w.write(name)
	} else {
		w.write(quoted(name))
	}
	m.NameEnd = len(w.out)
	return m
}

func (w *yamlWriter) scalar(v *jsonpos.Value, indent int, flow bool) jsonpos.Value {
	written := jsonpos.Value{Kind: v.Kind, Text: v.Text, Start: len(w.out)}
	switch {
	case v.Kind == jsonpos.Null:
		w.write(w.pick("null", "~", "Null"))
	case v.Kind == jsonpos.Bool:
		w.write(w.pick(v.Text, strings.ToUpper(v.Text)))
	case v.Kind == jsonpos.Number:
		w.write(v.Text)
	case !flow && w.chance(2) && w.literal(v.Text, indent, &written):
		return written
	case plainText.MatchString(v.Text) && !word[strings.ToLower(v.Text)] && w.chance(2):
		text := v.Text
		if w.chance(2) {
			text = strings.Replace(text, " ", " \n"+strings.Repeat(" ", indent+1), 1)
		}
		w.write(text)
	case !strings.ContainsFunc(v.Text, isControl) && w.chance(2):
		w.write("'" + strings.ReplaceAll(v.Text, "'", "''") + "'")
	default:
		w.write(quoted(v.Text))
	}
	written.End = len(w.out)
	return written
}

// plainText is a text that can be written without quotes, unless it is a word.
var plainText = regexp.MustCompile(`^[A-Za-zé]+( [A-Za-zé0-9][A-Za-zé0-9/.#'"]*[A-Za-zé])*$`)

var word = map[string]bool{"null": true, "true": true, "false": true}

func quoted(text string) string {
	data, _ := json.Marshal(text) // a string can't fail
	return string(data)
}

// literal writes a text as a block scalar, and reports whether it can.
func (w *yamlWriter) literal(text string, indent int, written *jsonpos.Value) bool {
	visible := strings.Trim(text, " \t\n")
	if visible == "" || indent < 2 || strings.ContainsFunc(visible, func(r rune) bool { return isControl(r) && isVisible(r) }) {
		return false
	}
	content := strings.TrimRight(text, "\n")
	chomping := "-"
	switch breaks := len(text) - len(content); {
	case breaks == 1:
		chomping = ""
	case breaks > 1:
		chomping = "+"
	}
	w.write("|2" + chomping + w.pick("", " # comment"))
	if strings.Contains(content, "\n") {
		content = strings.ReplaceAll(content, "\n", "\n"+strings.Repeat(" ", indent))
	}
	w.line(indent)
	start := len(w.out)
	w.write(content)
	text = text[len(strings.TrimRight(text, "\n")):]
	written.Start = start + strings.IndexFunc(content, isVisible)
	written.End = start + len(strings.TrimRight(content, " \t\n"))
	w.write(strings.TrimPrefix(text, "\n"))
	return true
}

func isControl(r rune) bool { return r < ' ' }

func isVisible(r rune) bool { return r != ' ' && r != '\t' && r != '\n' }

// same reports whether two values are equal at different places.
func same(a, b *jsonpos.Value) bool {
	return a.Start >= 0 && a.Kind == b.Kind && string(a.AppendJSON(nil)) == string(b.AppendJSON(nil))
}

// moved returns a copy of a value with all parts at one place.
func moved(v *jsonpos.Value, start, end int) jsonpos.Value {
	m := jsonpos.Value{Kind: v.Kind, Text: v.Text, Start: start, End: end}
	for i := range v.Elements {
		m.Elements = append(m.Elements, moved(&v.Elements[i], start, end))
	}
	for i := range v.Members {
		m.Members = append(m.Members, jsonpos.Member{
			Name: v.Members[i].Name, NameStart: start, NameEnd: end, Value: moved(&v.Members[i].Value, start, end),
		})
	}
	return m
}
