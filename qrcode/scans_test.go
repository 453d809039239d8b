package qrcode_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/storage/storagetest"
	"github.com/superapp-go/superapp/unit"
)

// scanned returns the stored count of a code.
func (b *bench) scanned(c id.QRCode) int64 {
	b.t.Helper()
	n, err := b.QRCodes.Scans(b.t.Context(), b.by, c)
	require.NoError(b.t, err)
	return n
}

// TestScans: resolving counts, from many goroutines and through copies of the
// service; peeking and failing do not; a flush stores it once.
func TestScans(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	one, two, direct := b.define(true), b.define(true), b.define(false)
	var scans sync.WaitGroup
	for range 8 {
		scans.Go(func() {
			for range 25 {
				_, err := b.QRCodes.Resolve(t.Context(), one.Short)
				require.NoError(t, err)
			}
		})
	}
	scans.Wait()
	_, err := b.With(b.Store).QRCodes.Resolve(t.Context(), two.Short)
	require.NoError(t, err)
	_, err = b.QRCodes.Peek(t.Context(), one.Short)
	require.NoError(t, err)
	_, err = b.QRCodes.Resolve(t.Context(), "000000000000")
	require.ErrorIs(t, err, qrcode.ErrShortNotFound)
	require.Zero(t, b.scanned(one.ID), "stored by the flush")

	for range 2 {
		require.NoError(t, b.QRCodes.FlushScans(t.Context()))
		require.EqualValues(t, 200, b.scanned(one.ID))
		require.EqualValues(t, 1, b.scanned(two.ID))
		require.Zero(t, b.scanned(direct.ID))
	}
	_, err = b.QRCodes.Resolve(t.Context(), two.Short)
	require.NoError(t, err)
	_, err = b.QRCodes.Delete(t.Context(), b.by, two.ID)
	require.NoError(t, err)
	_, err = b.QRCodes.Resolve(t.Context(), two.Short)
	require.ErrorIs(t, err, qrcode.ErrGone)
	require.NoError(t, b.QRCodes.FlushScans(t.Context()))
	require.EqualValues(t, 2, b.scanned(two.ID), "counted while it was there")
	require.Len(t, b.events(one.ID), 1, "scans make no events")
}

// TestFlushFails: what could not be stored is stored next time, whichever call it
// was that failed.
func TestFlushFails(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	code := b.define(true)
	failing := ""
	calls := 0
	codes := b.over(func(c storagetest.Call) error {
		calls++
		if c.Method == failing {
			return storagetest.ErrInjected
		}
		return nil
	})
	scan := func() {
		_, err := codes.Resolve(t.Context(), code.Short)
		require.NoError(t, err)
	}
	for _, failing = range []string{"Update", "AddScans", "Commit"} {
		scan()
		require.ErrorIs(t, codes.FlushScans(t.Context()), storagetest.ErrInjected)
		require.Zero(t, b.scanned(code.ID))
	}
	failing = ""
	scan()
	require.NoError(t, codes.FlushScans(t.Context()))
	require.EqualValues(t, 4, b.scanned(code.ID))
	calls = 0
	require.NoError(t, codes.FlushScans(t.Context()))
	require.Zero(t, calls, "nothing to store, nothing asked")
}

// many is a store on which every short id is a code of its own, and which adds up
// what it is given.
type many struct {
	qrcode.Tx
	err   error
	count map[id.QRCode]int64
	rows  int
}

func (m *many) View(ctx context.Context, fn func(context.Context, qrcode.Reader) error) error {
	return fn(ctx, m)
}

func (m *many) Update(ctx context.Context, _ unit.Scope, fn func(context.Context, qrcode.Tx) error) error {
	if m.err != nil {
		return m.err
	}
	return fn(ctx, m)
}

func (m *many) ShortCode(_ context.Context, short string) (s qrcode.Scanned, err error) {
	copy(s.ID.UUID[4:], short)
	s.Status = miniprogram.Published
	return s, nil
}

func (m *many) AddScans(_ context.Context, scans []qrcode.Scans) error {
	for i, s := range scans {
		if s.Slot < 0 || s.Slot >= qrcode.Slots || i > 0 && scans[i-1].Code.Compare(s.Code.UUID) >= 0 {
			panic("want each code once, in order, in a slot that there is")
		}
		m.count[s.Code] += s.Count
		m.rows++
	}
	return nil
}

// nth is the n-th short id.
func nth(n int) string {
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	short := []byte("000000000000")
	for i := len(short) - 1; n > 0; i-- {
		short[i] = alphabet[n%32]
		n /= 32
	}
	return string(short)
}

// TestScansAreBounded: the counter holds so many codes and no more, also while
// flushes fail, and has room again after one that does not.
func TestScansAreBounded(t *testing.T) {
	t.Parallel()
	m := &many{count: make(map[id.QRCode]int64)}
	var log bytes.Buffer
	codes, err := qrcode.New(m, &unit.Env{Clock: time.Now, Log: slog.New(slog.NewTextHandler(&log, nil))}, nil)
	require.NoError(t, err)
	scan := func(n int) {
		_, err := codes.Resolve(t.Context(), nth(n))
		require.NoError(t, err, "it resolves, counted or not")
	}
	const more = 100
	for n := range qrcode.MaxCounted + more {
		scan(n)
	}
	m.err = storagetest.ErrInjected
	require.ErrorIs(t, codes.FlushScans(t.Context()), storagetest.ErrInjected)
	scan(0)                     // one of them
	scan(qrcode.MaxCounted + 7) // one too many still
	require.Contains(t, log.String(), "level=WARN msg=\"scans not counted: too many codes between two flushes\" scans=100")
	m.err = nil
	require.NoError(t, codes.FlushScans(t.Context()))
	require.Equal(t, 2, strings.Count(log.String(), "scans="))
	require.Equal(t, qrcode.MaxCounted, m.rows)
	var first id.QRCode
	copy(first.UUID[4:], nth(0))
	require.EqualValues(t, 2, m.count[first])
	for n := range more {
		scan(qrcode.MaxCounted + n)
	}
	require.NoError(t, codes.FlushScans(t.Context()))
	require.Equal(t, qrcode.MaxCounted+more, m.rows)
}

// TestFlushThatPanics keeps what was counted, and the room for it.
func TestFlushThatPanics(t *testing.T) {
	t.Parallel()
	m := &many{}
	codes, err := qrcode.New(m, &unit.Env{Clock: time.Now, Log: slog.New(slog.DiscardHandler)}, nil)
	require.NoError(t, err)
	for n := range 3 {
		_, err := codes.Resolve(t.Context(), nth(n))
		require.NoError(t, err)
	}
	require.Panics(t, func() { _ = codes.FlushScans(t.Context()) }, "there is no map to write to")
	m.count = make(map[id.QRCode]int64)
	require.NoError(t, codes.FlushScans(t.Context()))
	require.Len(t, m.count, 3)
}

// TestRunBeforeItIsFull: scans of very many codes do not wait for the interval.
func TestRunBeforeItIsFull(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &many{count: make(map[id.QRCode]int64)}
		codes, err := qrcode.New(m, &unit.Env{Clock: time.Now, Log: slog.New(slog.DiscardHandler)}, nil)
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- codes.Run(ctx, time.Hour) }()
		for n := range qrcode.MaxCounted / 2 {
			_, err := codes.Resolve(ctx, nth(n))
			require.NoError(t, err)
		}
		synctest.Wait()
		require.Len(t, m.count, qrcode.MaxCounted/2)
		cancel()
		require.NoError(t, <-ended)
	})
}

// TestRun: it flushes at every interval and once more at the end, goes on after a
// flush that failed, and answers the error of the last.
func TestRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		code := b.define(true)
		var failing atomic.Bool
		codes := b.over(func(c storagetest.Call) error {
			if failing.Load() && c.Method == "Update" {
				return storagetest.ErrInjected
			}
			return nil
		})
		scan := func() {
			_, err := codes.Resolve(t.Context(), code.Short)
			require.NoError(t, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- codes.Run(ctx, 10*time.Second) }()
		scan()
		time.Sleep(9 * time.Second)
		synctest.Wait()
		require.Zero(t, b.scanned(code.ID))
		time.Sleep(2 * time.Second)
		synctest.Wait()
		require.EqualValues(t, 1, b.scanned(code.ID))

		failing.Store(true)
		scan()
		time.Sleep(20 * time.Second)
		synctest.Wait()
		require.EqualValues(t, 1, b.scanned(code.ID))
		failing.Store(false)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		require.EqualValues(t, 2, b.scanned(code.ID))

		scan()
		cancel()
		require.NoError(t, <-ended)
		require.EqualValues(t, 3, b.scanned(code.ID), "once more at the end")

		scan()
		failing.Store(true)
		require.ErrorIs(t, codes.Run(ctx, time.Second), storagetest.ErrInjected)
		requireProblem(t, codes.Run(t.Context(), 0), "every", "not_allowed", "got 0s")
	})
}

// BenchmarkResolve resolves one code and many, with the count and without.
func BenchmarkResolve(b *testing.B) {
	bench := newBench(b)
	codes := bench.on(bench.Store, wallet.QRCodes)
	var shorts []string
	for range 256 {
		shorts = append(shorts, bench.define(true).Short)
	}
	for name, resolve := range map[string]func(context.Context, string) (qrcode.Resolved, error){"counted": codes.Resolve, "peek": codes.Peek} {
		for of, n := range map[string]int{"one": 1, "many": len(shorts)} {
			b.Run(of+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				b.RunParallel(func(pb *testing.PB) {
					for i := 0; pb.Next(); i++ {
						if _, err := resolve(b.Context(), shorts[i%n]); err != nil {
							b.Error(err)
						}
					}
				})
			})
		}
	}
}

// FuzzResolve: whatever is typed resolves to the one code there is, or to nothing.
func FuzzResolve(f *testing.F) {
	b := newBench(f)
	code := b.define(true)
	codes := b.on(b.Store, wallet.QRCodes)
	for _, s := range []string{code.Short, strings.ToLower(code.Short), "OIL000000000", "", "000000000000", "％００"} {
		f.Add(s)
	}
	same := strings.NewReplacer("O", "0", "I", "1", "L", "1")
	f.Fuzz(func(t *testing.T, typed string) {
		got, err := codes.Peek(t.Context(), typed)
		if len(typed) == qrcode.ShortLength && same.Replace(strings.ToUpper(typed)) == code.Short {
			require.NoError(t, err)
			require.Equal(t, code.ID, got.Code)
			return
		}
		require.ErrorIs(t, err, qrcode.ErrShortNotFound)
	})
}
