package qrcode

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

// MaxCounted is of how many codes the scans are counted between two flushes, in a
// few megabytes; those of further codes are not counted, and a flush logs how many.
const MaxCounted = 1 << 16

// A counter counts scans in memory. It is spread over shards, each with a lock that
// is held for a few nanoseconds, so that scans do not wait for each other.
type counter struct {
	// slot is where this process counts: two rarely write to the same row.
	slot int
	// codes is how many codes are in the shards or being flushed.
	codes  atomic.Int64
	shards [64]shard
	// dropped is how many scans were not counted since the last flush.
	dropped atomic.Int64
	// full wakes Run before there is no room left.
	full chan struct{}
}

type shard struct {
	mu    sync.Mutex
	count map[id.QRCode]int64
}

func newCounter() *counter { return &counter{slot: rand.IntN(Slots), full: make(chan struct{}, 1)} }

// add counts a scan, unless it is of one code too many.
func (c *counter) add(code id.QRCode) {
	s := c.shard(code)
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, there := s.count[code]; !there {
		n := c.codes.Add(1)
		if n > MaxCounted {
			c.codes.Add(-1)
			c.dropped.Add(1)
			return
		}
		if n == MaxCounted/2 {
			select {
			case c.full <- struct{}{}:
			default:
			}
		}
		if s.count == nil {
			s.count = make(map[id.QRCode]int64)
		}
	}
	s.count[code]++
}

// shard returns where a code is counted: the last byte of an id is random.
func (c *counter) shard(code id.QRCode) *shard {
	return &c.shards[int(code.UUID[len(code.UUID)-1])%len(c.shards)]
}

// take returns what was counted, in the order of the codes, and begins anew. The
// codes still count as such until free or back.
func (c *counter) take() (scans []Scans) {
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		count := s.count
		s.count = nil
		s.mu.Unlock()
		for code, n := range count {
			scans = append(scans, Scans{Code: code, Slot: c.slot, Count: n})
		}
	}
	// Why sorted: processes that write the same rows in one order do not wait for
	// each other in a circle.
	slices.SortFunc(scans, func(a, b Scans) int { return cmp.Or(a.Code.Compare(b.Code.UUID), cmp.Compare(a.Slot, b.Slot)) })
	return scans
}

// free makes room for as many codes as were flushed.
func (c *counter) free(codes int) { c.codes.Add(-int64(codes)) }

// back counts again what could not be flushed: it has its room still.
func (c *counter) back(scans []Scans) {
	for _, x := range scans {
		s := c.shard(x.Code)
		s.mu.Lock()
		if _, there := s.count[x.Code]; there {
			c.free(1) // it was scanned meanwhile, and has room twice
		}
		if s.count == nil {
			s.count = make(map[id.QRCode]int64)
		}
		s.count[x.Code] += x.Count
		s.mu.Unlock()
	}
}

// FlushScans stores the scans that this process has counted since the last time, in
// one unit. If it fails they are kept and stored next time. The counters are
// approximate: a process that dies takes its last ones along, and those of a unit
// that was committed although the connection broke are stored twice. They make no
// event. Call it on the platform itself: within a larger unit that fails, scans are
// lost.
func (s *Service) FlushScans(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "qrcode: flush scans")
	if n := s.scans.dropped.Swap(0); n > 0 {
		s.env.Log.LogAttrs(ctx, slog.LevelWarn, "scans not counted: too many codes between two flushes", slog.Int64("scans", n))
	}
	scans := s.scans.take()
	if len(scans) == 0 {
		return nil
	}
	stored := false
	defer func() {
		if stored {
			s.scans.free(len(scans))
		} else {
			s.scans.back(scans)
		}
	}()
	err = s.store.Update(ctx, unit.Scope{}, func(ctx context.Context, tx Tx) error { return tx.AddScans(ctx, scans) })
	stored = err == nil
	return err
}

// lastFlush is how long the flush at the end of Run may take.
const lastFlush = 10 * time.Second

// Run calls [Service.FlushScans] at intervals, and earlier if scans of very many codes
// are waiting, until the context is done, and once
// more then, for at most ten seconds. The host starts it, once per process, in a
// goroutine of its own and waits for it before it ends:
//
//	go func() { flushed <- p.QRCodes.Run(ctx, 10*time.Second) }()
//
// A flush that fails is logged, and tried again at the next interval. The error is
// that of the last flush, or an *[fault.InvalidError] for an interval that is none.
func (s *Service) Run(ctx context.Context, every time.Duration) error {
	if every <= 0 {
		return fmt.Errorf("qrcode: run: %w", fault.Invalid("every", "not_allowed", fmt.Sprintf("want a positive interval, got %s", every)))
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-s.scans.full:
		case <-ctx.Done():
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastFlush)
			defer cancel()
			return s.FlushScans(ctx)
		}
		if err := s.FlushScans(ctx); err != nil && ctx.Err() == nil {
			s.env.Log.LogAttrs(ctx, slog.LevelWarn, "scans not stored, trying again", slog.Any("error", err))
		}
	}
}

// Scans returns how often a short code has led somewhere, as of the last flush of
// each process; 0 for a direct code, which nobody sees. The caller needs
// qrcode.view. Error: [ErrNotFound].
func (s *Service) Scans(ctx context.Context, actor rbac.Actor, code id.QRCode) (n int64, err error) {
	defer fault.Wrap(&err, "qrcode: scans")
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		if _, err := s.env.Authorize(ctx, r, actor, rbac.ViewQRCode, rbac.OnQRCode(code), ErrNotFound); err != nil {
			return err
		}
		n, err = r.ScanCount(ctx, code)
		return err
	})
	return n, err
}
