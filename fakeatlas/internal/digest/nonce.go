package digest

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"sync/atomic"
	"time"
)

// On the wire a nonce is 32 characters of base64, as Atlas's are: 7 bytes of time, 4 of a serial number and 13 of a MAC
// over both. Six bytes of milliseconds would end in the year 6429, before the clock of the fake does.
const (
	timeSize  = 7
	headSize  = timeSize + 4
	nonceSize = 24
)

// nonceText encodes nonces. Their size is a multiple of three bytes, which leaves no unused bits: each nonce has only
// one text.
var nonceText = base64.StdEncoding

// nonce identifies a challenge. The serial number makes nonces of the same millisecond differ: if two clients had the
// same nonce, each would use up counts of the other.
type nonce struct {
	issued int64 // milliseconds since 1970
	serial uint32
}

func (n nonce) compare(m nonce) int {
	return cmp.Or(cmp.Compare(n.issued, m.issued), cmp.Compare(n.serial, m.serial))
}

func (n nonce) head() []byte {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, nonceSize), uint64(n.issued)<<(64-8*timeSize))
	return binary.BigEndian.AppendUint32(b[:timeSize], n.serial)
}

func readHead(b []byte) nonce {
	return nonce{
		issued: int64(binary.BigEndian.Uint64(b)) >> (64 - 8*timeSize), // keeps the sign
		serial: binary.BigEndian.Uint32(b[timeSize:headSize]),
	}
}

// mint makes nonces and recognizes its own.
type mint struct {
	key    []byte
	serial atomic.Uint32
}

func newMint(key []byte) *mint {
	m := &mint{key: bytes.Clone(key)}
	var start [4]byte
	_, _ = rand.Read(start[:]) // never fails
	// Each mint begins at a random number, so that two mints with one key don't make the same nonce in the same
	// millisecond. It is in the lower half of the range, so that the next two billion numbers are in order.
	m.serial.Store(binary.BigEndian.Uint32(start[:]) / 2)
	return m
}

func (m *mint) issue(now time.Time) string {
	head := nonce{issued: now.UnixMilli(), serial: m.serial.Add(1)}.head()
	return nonceText.EncodeToString(append(head, m.mac(head)...))
}

// open decodes a nonce of this mint, whatever its age. It uses no other part of a text before it has verified the MAC.
func (m *mint) open(text string) (nonce, bool) {
	if len(text) != nonceText.EncodedLen(nonceSize) {
		return nonce{}, false
	}
	raw, err := nonceText.DecodeString(text)
	if err != nil || len(raw) != nonceSize { // raw is shorter if the text has line breaks, which the decoder skips
		return nonce{}, false
	}
	if !hmac.Equal(raw[headSize:], m.mac(raw[:headSize])) {
		return nonce{}, false
	}
	return readHead(raw), true
}

func (m *mint) mac(head []byte) []byte {
	h := hmac.New(sha256.New, m.key)
	h.Write(head)
	return h.Sum(nil)[:nonceSize-headSize]
}
