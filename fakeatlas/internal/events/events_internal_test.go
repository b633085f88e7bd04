package events

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas/internal/journal"
)

// newHub returns a hub whose requests have bodies of size bytes in their JSON.
func newHub(limit, size int) *Hub {
	return &Hub{Journal: &journal.Journal{Limit: limit}, Encode: func(e *journal.Entry) []byte {
		return fmt.Appendf(nil, `{"seq":%d,"body":"%s"}`, e.Seq, strings.Repeat("x", size))
	}}
}

func open(t *testing.T, h *Hub, since uint64, resume bool) *Stream {
	t.Helper()
	s, err := h.Open(since, resume)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func add(h *Hub, n int) {
	for range n {
		h.Journal.Add(&journal.Entry{Status: 200})
	}
}

// pause adds a request and reads it from the streams. What follows at once is in one batch.
func pause(t *testing.T, h *Hub, streams ...*Stream) {
	t.Helper()
	add(h, 1)
	synctest.Wait()
	for _, s := range streams {
		if _, err := s.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// next returns the events of a stream until it is silent, one in a line.
func next(t *testing.T, s *Stream) (lines []string) {
	t.Helper()
	for {
		synctest.Wait()
		text, err := s.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if string(text) == ":\n\n" {
			return lines
		}
		for event := range strings.SplitSeq(strings.TrimSuffix(string(text), "\n\n"), "\n\n") {
			lines = append(lines, strings.ReplaceAll(event, "\n", " "))
		}
	}
}

func request(seq int) string {
	return fmt.Sprintf(`id: %d event: request data: {"seq":%d,"body":""}`, seq, seq)
}

func TestEventsInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHub(10, 0)
		add(h, 2)
		s, other := open(t, h, 0, false), open(t, h, 0, true)
		pause(t, h, s)
		h.Changed(Faults)
		add(h, 2)
		want := []string{request(4), request(5), `event: change data: {"what":"faults"}`}
		if diff := cmp.Diff(want, next(t, s)); diff != "" {
			t.Errorf("new events (-want +got):\n%s", diff)
		}
		want = append([]string{request(1), request(2), request(3)}, want...)
		if diff := cmp.Diff(want, next(t, other)); diff != "" {
			t.Errorf("all events (-want +got):\n%s", diff)
		}
	})
}

// A request that stored something, or whose response came from a fault or a stub, also reports the change.
func TestEventsOfRequests(t *testing.T) {
	for _, tc := range []struct {
		entry journal.Entry
		want  []string
	}{
		{journal.Entry{Method: "GET", Status: 200}, nil},
		{journal.Entry{Method: "PUT", Status: 200}, []string{`event: change data: {"what":"state"}`}},
		{journal.Entry{Method: "PUT", Status: 400}, nil},
		{journal.Entry{Method: "DELETE", Status: 204}, []string{`event: change data: {"what":"state"}`}},
		{journal.Entry{Method: "GET", Status: 503, Fault: "1"}, []string{`event: change data: {"what":"faults"}`}},
		{journal.Entry{Method: "GET", Status: 200, Stub: "1"}, []string{`event: change data: {"what":"stubs"}`}},
	} {
		synctest.Test(t, func(t *testing.T) {
			h := newHub(10, 0)
			s := open(t, h, 0, false)
			tc.entry.APIVersion = "v2"
			h.Journal.Add(&tc.entry)
			if diff := cmp.Diff(append([]string{request(1)}, tc.want...), next(t, s)); diff != "" {
				t.Errorf("%s %d (-want +got):\n%s", tc.entry.Method, tc.entry.Status, diff)
			}
		})
	}
}

// A burst is cut to its newest requests, and the stream has the number of the others.
func TestBurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHub(1000, 0)
		s := open(t, h, 0, false)
		pause(t, h, s)
		add(h, 3*maxBatch)
		got := next(t, s)
		if len(got) != maxBatch+1 || got[0] != fmt.Sprintf(`event: lost data: {"lost":%d}`, 2*maxBatch) || got[1] != request(2*maxBatch+2) {
			t.Errorf("%d events: %v", len(got), got[:2])
		}
	})
}

// A resumed stream has the requests that it missed, and the number of those that the journal has dropped.
func TestResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHub(3, 0)
		add(h, 10)
		s := open(t, h, 5, true)
		if diff := cmp.Diff([]string{`event: lost data: {"lost":2}`, request(8), request(9), request(10)}, next(t, s)); diff != "" {
			t.Errorf("resumed (-want +got):\n%s", diff)
		}
		h.Journal.Clear()
		if diff := cmp.Diff([]string{`event: lost data: {"lost":5}`}, next(t, open(t, h, 5, true))); diff != "" {
			t.Errorf("resumed after the journal was emptied (-want +got):\n%s", diff)
		}
		add(h, 1)
		if got := next(t, open(t, h, 99, true)); got[len(got)-1] != request(11) {
			t.Errorf("resumed from an earlier server: %v", got)
		}
	})
}

// A long journal is caught up in parts, without a gap.
func TestResumeInParts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHub(1000, 0)
		add(h, 2*maxBatch+7)
		s := open(t, h, 0, true)
		add(h, 1)
		got := next(t, s)
		if len(got) != 2*maxBatch+8 || got[0] != request(1) || got[len(got)-1] != request(2*maxBatch+8) {
			t.Errorf("%d events", len(got))
		}
	})
}

// A stream without a reader keeps a few batches however many requests arrive, and then learns how many it has missed.
func TestUnreadStreamIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const size, seconds, rate = 4 << 10, 3600, 8
		h := newHub(100, size)
		s := open(t, h, 0, false)
		before := liveHeap()
		for range seconds {
			add(h, rate)
			h.Changed(State)
			time.Sleep(time.Second)
		}
		if grown := liveHeap() - before; grown > (maxQueued+1)*maxBytes {
			t.Errorf("after an hour an unread stream keeps %d bytes more", grown)
		}
		if len(s.queue) != maxQueued {
			t.Errorf("%d batches wait", len(s.queue))
		}
		sum := 0
		for _, event := range next(t, s) {
			var lost int
			if n, _ := fmt.Sscanf(event, `event: lost data: {"lost":%d}`, &lost); n == 1 {
				sum += lost
			} else if strings.HasPrefix(event, "id: ") {
				sum++
			}
		}
		if sum != seconds*rate {
			t.Errorf("the stream has or counts %d of %d requests", sum, seconds*rate)
		}
	})
}

func liveHeap() int {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// Batches do not grow with the bodies in them.
func TestBatchesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHub(1000, 100<<10)
		s := open(t, h, 0, false)
		pause(t, h, s)
		add(h, 19)
		time.Sleep(interval)
		synctest.Wait()
		text, err := s.Next(t.Context())
		if err != nil || len(text) > maxBytes+1000 || !strings.Contains(string(text), "id: 20\n") {
			t.Errorf("a batch of %d bytes, %v", len(text), err)
		}
		h.Journal.Clear()
		huge := newHub(10, 2*maxBytes)
		s = open(t, huge, 0, false)
		add(huge, 1)
		synctest.Wait()
		if text, err = s.Next(t.Context()); err != nil || !strings.HasPrefix(string(text), "id: 1\n") {
			t.Errorf("a large request: %v %.100s", err, text)
		}
	})
}

// Nothing runs and nothing is kept without a stream.
func TestHubWithoutStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHub(10, 0)
		h.Changed(State)
		add(h, 3)
		s := open(t, h, 0, false)
		s.Close()
		s.Close()
		h.Changed(State)
		add(h, 3)
		synctest.Wait() // the test fails if a goroutine is left
		if h.stop != nil {
			t.Error("the hub runs without a stream")
		}
	})
}

func TestStreamsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHub(10, 0)
		for range MaxStreams {
			open(t, h, 0, false)
		}
		if _, err := h.Open(0, false); !errors.Is(err, errManyStreams) {
			t.Errorf("one stream too many: %v", err)
		}
		h.streams[0].Close()
		open(t, h, 0, false)
	})
}

func TestNextEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, newHub(10, 0), 0, false)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if _, err := s.Next(ctx); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

// A batch that is being made while the last stream ends is not passed to a stream that begins meanwhile: it has
// requests from before.
func TestBatchOfEarlierStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHub(10, 0)
		encode, block := h.Encode, make(chan struct{})
		h.Encode = func(e *journal.Entry) []byte {
			if e.Seq == 1 {
				<-block
			}
			return encode(e)
		}
		first := open(t, h, 0, false)
		add(h, 1)
		synctest.Wait() // the batch is being made
		first.Close()
		add(h, 1)
		second := open(t, h, 0, false)
		close(block)
		synctest.Wait()
		add(h, 1)
		if diff := cmp.Diff([]string{request(3)}, next(t, second)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}
