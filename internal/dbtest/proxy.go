package dbtest

import (
	"net"
	"sync"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"
)

// A Proxy stands between a test and a server. It reads what goes through it, so
// that a test can break a connection at a chosen statement and count round
// trips. It may be used by several goroutines.
type Proxy struct {
	// DSN leads through the proxy, without TLS. On MySQL it must not ask for
	// compression.
	DSN string
	// Addr is the host and port of the proxy.
	Addr string

	t       testing.TB
	dial    func() (net.Conn, error)
	wire    func() wire
	running sync.WaitGroup

	mu       sync.Mutex
	listener net.Listener // nil while it refuses
	links    map[*link]struct{}
	faults   []*fault
	flow     chan struct{} // closed while answers flow
	counting int           // how many count trips
	trips    []Trip
}

// PostgresProxy starts a proxy in front of the PostgreSQL server of a DSN. It
// stops when the test ends.
func PostgresProxy(t testing.TB, dsn string) *Proxy {
	t.Helper()
	c, err := pgconn.ParseConfig(dsn)
	if err != nil {
		t.Fatalf("a proxy to PostgreSQL: %v", err)
	}
	network, address := pgconn.NetworkAddress(c.Host, c.Port)
	p := newProxy(t, network, address, func() wire { return &postgresWire{} })
	host, port, _ := net.SplitHostPort(p.Addr)
	p.DSN = With(With(With(dsn, "host", host), "port", port), "sslmode", "disable")
	return p
}

// MySQLProxy starts a proxy in front of the MySQL server of a DSN. It stops when
// the test ends.
func MySQLProxy(t testing.TB, dsn string) *Proxy {
	t.Helper()
	c, err := mysql.ParseDSN(dsn)
	if err != nil {
		t.Fatalf("a proxy to MySQL: %v", err)
	}
	p := newProxy(t, c.Net, c.Addr, func() wire { return &mysqlWire{} })
	c.Net, c.Addr, c.TLS, c.TLSConfig = "tcp", p.Addr, nil, ""
	p.DSN = c.FormatDSN()
	return p
}

func newProxy(t testing.TB, network, address string, w func() wire) *Proxy {
	p := &Proxy{
		t:     t,
		dial:  func() (net.Conn, error) { return net.DialTimeout(network, address, patience) },
		wire:  w,
		links: map[*link]struct{}{},
		flow:  make(chan struct{}),
	}
	close(p.flow)
	p.listen("127.0.0.1:0")
	p.Addr = p.listener.Addr().String()
	t.Cleanup(func() {
		p.Refuse(true)
		p.Cut()
		p.running.Wait()
	})
	return p
}

// Cut ends all connections.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for l := range p.links {
		l.close()
	}
}

// Refuse says whether new connections are refused, as by a server that is down.
// Those that are open go on.
func (p *Proxy) Refuse(refuse bool) {
	p.mu.Lock()
	l := p.listener
	if refuse {
		p.listener = nil
	}
	p.mu.Unlock()
	switch {
	case refuse && l != nil:
		l.Close()
	case !refuse && l == nil:
		p.listen(p.Addr)
	}
}

// listen accepts connections. A port that was given up may be taken for a
// moment, by a connection of somebody else's.
func (p *Proxy) listen(addr string) {
	p.t.Helper()
	l, err := net.Listen("tcp", addr)
	for end := time.Now().Add(patience); err != nil && time.Now().Before(end); l, err = net.Listen("tcp", addr) {
		time.Sleep(10 * time.Millisecond)
	}
	if err != nil {
		p.t.Fatalf("a proxy cannot listen: %v", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.listener = l
	p.running.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			p.running.Go(func() { p.serve(l, client) })
		}
	})
}

// serve connects a client to the server until one of them hangs up. A client
// that was accepted before the proxy began to refuse is one too many.
func (p *Proxy) serve(from net.Listener, client net.Conn) {
	defer client.Close()
	server, err := p.dial()
	if err != nil {
		return
	}
	l := &link{proxy: p, client: client, server: server, wire: p.wire(), ended: make(chan struct{})}
	defer l.close()
	p.mu.Lock()
	if p.listener != from {
		p.mu.Unlock()
		return
	}
	p.links[l] = struct{}{}
	p.mu.Unlock()

	p.running.Go(l.answers)
	l.requests()

	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.links, l)
}
