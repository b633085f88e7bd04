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

// On the wire a nonce is 32 characters of base64, as Atlas's are: 7 bytes of time, 4 of a serial number, 3 of the
// machine's time and 10 of a MAC over all of them. Six bytes of milliseconds would end in the year 6429, before the
// clock of the fake does.
const (
	timeSize  = 7
	stampAt   = timeSize + 4
	stampBits = 24
	headSize  = stampAt + stampBits/8
	nonceSize = 24
)

// stampUnit is the unit of the machine's time in a nonce. All values recur after four years.
const stampUnit = 8 * time.Second

// nonceText encodes nonces. Their size is a multiple of three bytes, which leaves no unused bits: each nonce has only
// one text.
var nonceText = base64.StdEncoding

// nonce identifies a challenge. The serial number makes nonces of the same millisecond differ: if two clients had the
// same nonce, each would use up counts of the other.
type nonce struct {
	issued int64 // milliseconds since 1970
	serial uint32
	stamp  uint32 // the machine's time in units of stampUnit, modulo 1<<stampBits
}

func stampOf(machine time.Time) uint32 {
	return uint32(machine.Unix()/int64(stampUnit/time.Second)) & (1<<stampBits - 1)
}

// age returns the age of the nonce by the machine's time, less than a stampUnit more or less.
func (n nonce) age(machine time.Time) time.Duration {
	units := int32((stampOf(machine)-n.stamp)<<(32-stampBits)) >> (32 - stampBits) // keeps the sign
	return time.Duration(units) * stampUnit
}

func (n nonce) compare(m nonce) int {
	return cmp.Or(cmp.Compare(n.issued, m.issued), cmp.Compare(n.serial, m.serial))
}

func (n nonce) head() []byte {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, nonceSize), uint64(n.issued)<<(64-8*timeSize))
	b = binary.BigEndian.AppendUint32(b[:timeSize], n.serial)
	return binary.BigEndian.AppendUint32(b, n.stamp<<(32-stampBits))[:headSize]
}

func readHead(b []byte) nonce {
	return nonce{
		issued: int64(binary.BigEndian.Uint64(b)) >> (64 - 8*timeSize), // keeps the sign
		serial: binary.BigEndian.Uint32(b[timeSize:stampAt]),
		stamp:  binary.BigEndian.Uint32(b[stampAt:]) >> (32 - stampBits),
	}
}

// mint makes nonces and recognizes its own.
type mint struct {
	key     []byte
	machine func() time.Time
	serial  atomic.Uint32
}

func newMint(key []byte, machine func() time.Time) *mint {
	m := &mint{key: bytes.Clone(key), machine: machine}
	var start [4]byte
	_, _ = rand.Read(start[:]) // never fails
	// Each mint begins at a random number, so that two mints with one key don't make the same nonce in the same
	// millisecond. It is in the lower half of the range, so that the next two billion numbers are in order.
	m.serial.Store(binary.BigEndian.Uint32(start[:]) / 2)
	return m
}

func (m *mint) issue(now time.Time) string {
	head := nonce{issued: now.UnixMilli(), serial: m.serial.Add(1), stamp: stampOf(m.machine())}.head()
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
