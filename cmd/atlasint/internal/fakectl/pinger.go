package fakectl

import (
	"context"
	"net/url"
	"time"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
)

// pingPause is the time between two attempts.
const pingPause = 50 * time.Millisecond

// Pinger checks whether a fake Atlas responds. It is not safe for concurrent use.
type Pinger struct {
	URL      string // "" for $ATLASINT_URL, else Standard
	AddrFile string // has the URL; "" for none
	Standard string
	Timeout  time.Duration // of one attempt
	Wait     time.Duration // for a response and for the file; 0 for one attempt
}

// Run returns an error unless a fake Atlas responds, or does so within the time to wait.
func (p *Pinger) Run(ctx context.Context) error {
	switch {
	case p.Timeout <= 0:
		return problem.Inputf("--timeout must be above 0, not %v", p.Timeout)
	case p.Wait < 0:
		return problem.Inputf("--wait must not be negative, got %v", p.Wait)
	case p.URL != "" && p.AddrFile != "":
		return problem.Inputf("URL and --addr-file can't be combined; leave out one of them")
	case p.AddrFile == "": // a wrong URL does not become right
		if _, err := target("URL", p.URL, p.Standard); err != nil {
			return err
		}
	}
	if p.Wait == 0 {
		return p.attempt(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, p.Wait)
	defer cancel()
	return p.wait(ctx)
}

// wait repeats the attempt until ctx is done. It returns the cause of the last attempt that was not cut off.
func (p *Pinger) wait(ctx context.Context) (last error) {
	for {
		err := p.attempt(ctx)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil && last != nil:
			return last
		}
		last = err
		timer := time.NewTimer(pingPause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return last
		}
	}
}

// attempt sends one request.
func (p *Pinger) attempt(ctx context.Context) error {
	target, err := p.target()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, p.Timeout)
	defer cancel()
	refused := ""
	if p.AddrFile == "" && isStandard(p.URL) {
		refused = "start atlasint serve, or name its URL as an argument or with " + URLVariable
	}
	if err := ping(ctx, target, p.limit(), refused); err != nil {
		return problem.Failuref("%s %w", target.Host, err)
	}
	return nil
}

// limit returns the flag that limits the time of an attempt.
func (p *Pinger) limit() string {
	if p.Wait > 0 && p.Wait <= p.Timeout {
		return "--wait"
	}
	return "--timeout"
}

func (p *Pinger) target() (*url.URL, error) {
	if p.AddrFile != "" {
		return targetOfFile(p.AddrFile, p.Standard)
	}
	return target("URL", p.URL, p.Standard)
}
