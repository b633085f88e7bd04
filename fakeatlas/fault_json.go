package fakeatlas

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/control"
)

// faultJSON has the durations as texts.
type faultJSON struct {
	faultPlain
	RetryAfter string `json:"retryAfter,omitempty"`
	Delay      string `json:"delay,omitempty"`

	Probability *float64 `json:"probability,omitempty"` // nil: always

	Body json.RawMessage `json:"body,omitempty"` // as sent: its numbers keep their digits
}

type faultPlain Fault

// MarshalJSON writes durations as texts, such as "1.5s", and the whole body.
func (f Fault) MarshalJSON() ([]byte, error) {
	text := func(d time.Duration) string {
		if d == 0 {
			return ""
		}
		return d.String()
	}
	if b, ok := f.Body.([]byte); ok {
		f.Body = string(b)
	}
	var body json.RawMessage
	if f.Body != nil {
		var err error
		if body, err = json.Marshal(f.Body); err != nil {
			return nil, err
		}
	}
	j := faultJSON{faultPlain: faultPlain(f), RetryAfter: text(f.RetryAfter), Delay: text(f.Delay), Body: body}
	if f.Probability != 0 {
		j.Probability = &f.Probability
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads a fault as the control API does: it rejects unknown members. A body that is not a text becomes a
// [json.RawMessage]. The error is a [*FaultError].
func (f *Fault) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil // as encoding/json requires
	}
	var sent faultJSON
	err := control.Decode(data, "fault", &sent)
	var invalid *control.Error
	if errors.As(err, &invalid) {
		return &FaultError{Reason: invalid.Message, Hint: invalid.Hint}
	}
	read, err := sent.fault()
	if err == nil {
		*f = read
	}
	return err
}

// fault reads the durations. It rejects a probability of 0, which would mean always.
func (j faultJSON) fault() (Fault, error) {
	f := Fault(j.faultPlain)
	if j.Probability != nil {
		if f.Probability = *j.Probability; f.Probability == 0 {
			return Fault{}, wrongProbability()
		}
	}
	if len(j.Body) > 0 && j.Body[0] == '"' {
		_ = json.Unmarshal(j.Body, &f.Body) // it was decoded
	} else if len(j.Body) > 0 {
		f.Body = j.Body
	}
	for _, d := range []struct {
		name, text string
		to         *time.Duration
	}{{"retryAfter", j.RetryAfter, &f.RetryAfter}, {"delay", j.Delay, &f.Delay}} {
		if d.text == "" {
			continue
		}
		parsed, err := time.ParseDuration(d.text)
		if err != nil {
			return Fault{}, wrongFault(d.name, `must be a duration, such as "1.5s"`, "write the number with its unit: ms, s, m or h; 8760h at most")
		}
		*d.to = parsed
	}
	return f, nil
}
