package dbtest

import "slices"

// A Trip is one round trip between a client and the server: the statements that
// went with it, each when it is to run. One that only is prepared is noted as
// such. A pipelined batch is one trip.
type Trip []string

// Trips returns the round trips that were made through the proxy while fn ran,
// on all connections: those that opening a connection takes do not count, what
// a driver then asks of its own does.
//
//	trips := proxy.Trips(func() { err = verb() })
//	require.Len(t, trips, 3)
func (p *Proxy) Trips(fn func()) []Trip {
	p.mu.Lock()
	p.counting++
	first := len(p.trips)
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.counting--; p.counting == 0 {
			p.trips = nil
		}
	}()
	fn()
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.trips[first:])
}

// count notes a trip if somebody wants to know.
func (p *Proxy) count(trip Trip) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.counting > 0 {
		p.trips = append(p.trips, trip)
	}
}
