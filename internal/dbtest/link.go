package dbtest

import (
	"bufio"
	"net"
	"sync"
)

// A wire reads one connection's messages in an engine's protocol. A request and
// an answer may be read at the same time.
type wire interface {
	// request reads a message of the client's.
	request(*bufio.Reader) (request, error)
	// answer reads a message of the server's. It is the last one if the server
	// has then done what the client waits for.
	answer(*bufio.Reader) (message []byte, last bool, err error)
}

// A request is a message of a client's.
type request struct {
	message []byte
	runs    string // the statement that is to run
	says    string // what a trip notes of it
	waits   bool   // the client now waits for the server: a round trip
}

// A link is a connection through the proxy.
type link struct {
	proxy          *Proxy
	client, server net.Conn
	wire           wire
	once           sync.Once
	ended          chan struct{}

	mu     sync.Mutex
	fault  *fault // that the connection has met, until it happens
	behind int    // how many answers the client waits for
	ahead  int    // how many of them come before the fault, its own included; 0 while not known
}

func (l *link) close() {
	l.once.Do(func() {
		close(l.ended)
		l.client.Close()
		l.server.Close()
	})
}

// requests forwards what the client sends.
func (l *link) requests() {
	defer l.close()
	from, to := bufio.NewReader(l.client), bufio.NewWriter(l.server)
	var trip Trip
	for {
		r, err := l.wire.request(from)
		if err != nil {
			return
		}
		if r.says != "" {
			trip = append(trip, r.says)
		}
		if r.waits {
			l.proxy.count(trip)
			trip = nil
		}
		if !l.sees(r) {
			return
		}
		to.Write(r.message)
		if from.Buffered() == 0 && to.Flush() != nil {
			return
		}
	}
}

// sees notes a request before it is forwarded, and reports whether it may be.
func (l *link) sees(r request) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r.runs != "" && l.fault == nil {
		if f := l.proxy.meet(r.runs); f != nil && f.kind == CutBefore {
			close(f.happens)
			l.close()
			return false
		} else if f != nil {
			l.fault, l.ahead = f, 0
		}
	}
	if r.waits {
		l.behind++
		if l.fault != nil && l.ahead == 0 {
			l.ahead = l.behind
		}
	}
	return true
}

// answers forwards what the server sends. What it says from the moment of a
// fault on is kept back until the statement has been answered: a pipeline is
// answered in pieces.
func (l *link) answers() {
	defer l.close()
	from := bufio.NewReader(l.server)
	var kept []byte
	for {
		message, last, err := l.wire.answer(from)
		if err != nil {
			return
		}
		kept = append(kept, message...)
		f, happens := l.hears(last)
		switch {
		case f != nil && !happens:
			continue
		case f != nil && f.kind == CutAfter:
			close(f.happens)
			l.close()
			return
		case f != nil:
			l.proxy.Stall()
			close(f.happens)
		}
		if from.Buffered() > 0 {
			continue
		}
		if !l.proxy.flows(l.ended) {
			return
		}
		if _, err := l.client.Write(kept); err != nil {
			return
		}
		kept = kept[:0]
	}
}

// hears notes an answer, and returns the fault it falls under, if any, and
// whether that happens now.
func (l *link) hears(last bool) (f *fault, happens bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f = l.fault
	if last {
		l.behind--
		if l.ahead > 0 {
			l.ahead--
			happens = l.ahead == 0
		}
	}
	if happens {
		l.fault = nil
	}
	return f, happens
}
