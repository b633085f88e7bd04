package redact

import (
	"slices"
	"strings"
	"sync"
)

// maxShown is how many characters of a text a [Hider] shows.
const maxShown = 300

// The secrets that a text is compared with. A [Hider] with more of them shows no text.
const (
	maxSecrets     = 256
	maxSecretBytes = 64 << 10
)

// Hider hides the parts of untrusted texts that may be secret: those that are part of known secrets, and those
// long enough for a key. It is safe for concurrent use.
type Hider struct {
	secrets  []string
	public   func(name string) bool
	hidesAll bool // there are too many secrets to look for

	parts func() *parts // of the secrets
}

// NewHider returns a Hider for these secrets. It shows names that public reports true for.
func NewHider(secrets []string, public func(name string) bool) *Hider {
	total := 0
	for _, secret := range secrets {
		total += len(secret)
	}
	return &Hider{
		secrets: secrets, public: public, hidesAll: len(secrets) > maxSecrets || total > maxSecretBytes,
		parts: sync.OnceValue(func() *parts { return newParts(secrets) }),
	}
}

// Hides reports whether a value must not be shown.
func (h *Hider) Hides(text string) bool {
	return !Readable(text) || h.hasSecret(text)
}

// HasSecret reports whether a value or name must not be shown because it has a part in common with a secret. Its length
// does not matter.
func (h *Hider) HasSecret(text string) bool { return !h.public(text) && h.hasSecret(text) }

func (h *Hider) hasSecret(text string) bool { return h.hidesAll || h.parts().in(text) }

// HidesName reports whether a name must not be shown.
func (h *Hider) HidesName(name string) bool {
	return !h.public(name) && (!Shown(name) || h.Hides(name))
}

// Pointer returns the part of a JSON Pointer that may be shown. It ends before the first name that may
// not.
func (h *Hider) Pointer(p string) string {
	if h.hidesAll {
		return ""
	}
	p = Pointer(p)
	tokens := strings.Split(p, "/")
	if i := slices.IndexFunc(tokens, func(t string) bool { return !h.public(t) && !Readable(t) }); i >= 0 {
		p = strings.Join(tokens[:i], "/")
	}
	return Secrets(p, h.secrets)
}

// Text returns a text on one line, at most its first 300 characters.
func (h *Hider) Text(text string) string {
	switch {
	case text == "":
		return ""
	case h.hidesAll:
		return Hidden
	case len(text) > 4*maxShown:
		text = strings.ToValidUTF8(text[:4*maxShown], "")
	}
	text = Secrets(Words(Line(text), readableWord), h.secrets)
	if runes := []rune(text); len(runes) > maxShown { // cut last: the rest of a secret would not be found
		text = string(runes[:maxShown]) + "…"
	}
	return text
}

// readableWord hides the parts of a word between dots, as host names have them, that are long enough for a key.
func readableWord(word string) string {
	labels := strings.Split(word, ".")
	for i, label := range labels {
		if !Readable(label) {
			labels[i] = Hidden
		}
	}
	return strings.Join(labels, ".")
}
