package metrics

import (
	"sync"
	"time"
)

// minuteSeconds is how many seconds [Minute] has, the current one included.
const minuteSeconds = 60

// Minute counts the requests of the last 60 seconds by the machine's clock. Each list has one number a second, the
// oldest first. Each request is in one list.
type Minute struct {
	Challenges [minuteSeconds]int `json:"challenges"` // 401 to requests without credentials
	// Statuses are the others, by the first digit of their status; 0 is for dropped connections.
	Statuses [6][minuteSeconds]int `json:"statuses"`
}

// second is the requests of one second.
type second struct {
	at         int64 // the number of the second since the server started
	challenges int
	statuses   [6]int
}

// recent keeps the seconds of the last minute.
type recent struct {
	start time.Time
	mu    sync.Mutex
	ring  [minuteSeconds]second
}

func (r *recent) add(status int, isChallenge bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	s := &r.ring[now%minuteSeconds]
	if s.at != now {
		*s = second{at: now}
	}
	if isChallenge {
		s.challenges++
	} else {
		s.statuses[min(status/100, len(s.statuses)-1)]++
	}
}

// now returns the number of the current second by the monotonic clock, from 1. In the ring, 0 means that there is no
// second.
func (r *recent) now() int64 { return 1 + int64(time.Since(r.start)/time.Second) }

func (r *recent) minute() (m Minute) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	for _, s := range r.ring {
		at := s.at - now + minuteSeconds - 1
		if s.at == 0 || at < 0 {
			continue
		}
		m.Challenges[at] = s.challenges
		for class, n := range s.statuses {
			m.Statuses[class][at] = n
		}
	}
	return m
}

// Minute returns the requests of the last 60 seconds.
func (m *Metrics) Minute() Minute { return m.recent.minute() }
