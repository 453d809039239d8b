package dbtest

import (
	"net"
	"testing"
)

// SweepPostgres drops what killed runs left on the PostgreSQL server.
func SweepPostgres(t testing.TB) { sweep(t, postgres) }

// SweepMySQL drops what killed runs left on the MySQL server.
func SweepMySQL(t testing.TB) { sweep(t, mariadb) }

func sweep(t testing.TB, s *server) {
	db := s.connect(t, s.dsn(t))
	defer db.Close()
	s.sweepAbandoned(t, db)
}

// DialLate makes a proxy that was not used yet reach its server only when it may.
func (p *Proxy) DialLate(may <-chan struct{}) {
	p.Refuse(true)
	defer p.Refuse(false)
	dial := p.dial
	p.dial = func() (net.Conn, error) {
		<-may
		return dial()
	}
}
