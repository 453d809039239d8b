package dbtest

import (
	"slices"
	"strings"
	"time"
)

// A Fault is what a [Proxy] does at a statement.
type Fault int

// The faults.
const (
	// CutBefore ends the connection before the statement reaches the server.
	CutBefore Fault = iota
	// CutAfter ends the connection when the server has answered the statement,
	// before the answer reaches the client.
	CutAfter
	// StallAfter stalls the proxy when the server has answered the statement,
	// before the answer reaches the client.
	StallAfter
)

// A fault waits for its statement.
type fault struct {
	kind    Fault
	text    string // in capitals
	happens chan struct{}
}

// At arms a fault for the next statement that contains the text, whichever way
// its letters are written. A statement counts when it is to run, not when it is
// prepared. The fault happens once, on the connection of that statement; the
// channel is closed when it does, before the client can tell.
func (p *Proxy) At(text string, kind Fault) (happens <-chan struct{}) {
	f := &fault{kind: kind, text: strings.ToUpper(text), happens: make(chan struct{})}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = append(p.faults, f)
	return f.happens
}

// meet returns the fault that a statement meets, if any, and disarms it.
func (p *Proxy) meet(statement string) *fault {
	statement = strings.ToUpper(statement)
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, f := range p.faults {
		if strings.Contains(statement, f.text) {
			p.faults = slices.Delete(p.faults, i, i+1)
			return f
		}
	}
	return nil
}

// Stall holds the server's answers back on all connections until [Proxy.Release].
// A connection that was stalled for half a minute ends: its test has failed, and
// waits for an answer before it can say so.
func (p *Proxy) Stall() {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.flow:
		p.flow = make(chan struct{})
	default: // it is stalled
	}
}

// Release lets the answers through that were held back, and all that follow.
func (p *Proxy) Release() {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.flow:
	default:
		close(p.flow)
	}
}

// flows waits while the proxy is stalled, unless the connection ends.
func (p *Proxy) flows(ended <-chan struct{}) bool {
	p.mu.Lock()
	flow := p.flow
	p.mu.Unlock()
	select {
	case <-flow:
		return true
	case <-ended:
		return false
	case <-time.After(patience):
		return false
	}
}
