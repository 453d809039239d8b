package storagetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
)

// A bench is what a case works with: a store, and hands to fill and read it.
type bench struct {
	*testing.T
	ctx  context.Context
	open func(t *testing.T) []storage.Store
	// stores are those that race; the first is the store of everything else.
	stores []storage.Store
	store  storage.Store
	rand   *rand.Rand
	// told is what a failure is about.
	told string
	// hashes are the tokens that were stored, for dump to look up.
	hashes [][32]byte
}

func newBench(t *testing.T, open func(t *testing.T) []storage.Store) *bench {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	stores := open(t)
	return &bench{T: t, ctx: ctx, open: open, stores: stores, store: stores[0], rand: rand.New(rand.NewPCG(20, 26))}
}

// Context returns the context of the case, which ends before the tests do.
func (b *bench) Context() context.Context { return b.ctx }

// patience is how long a case may take, and wait for another goroutine, before
// it is reported as one that hangs.
const patience = 3 * time.Minute

// now is the time at which everything in the suite happens.
var now = time.Date(2026, 3, 1, 9, 30, 0, 123456000, time.UTC)

// uuid returns a fresh id. Ids come in no order, so that no list is in order
// by accident.
func (b *bench) uuid() (u id.UUID) {
	for i := range u {
		u[i] = byte(b.rand.Uint32())
	}
	return u
}

func (b *bench) hash() (h [32]byte) {
	for i := range h {
		h[i] = byte(b.rand.Uint32())
	}
	b.hashes = append(b.hashes, h)
	return h
}

// on is the scope of workspaces.
func on(w ...id.Workspace) unit.Scope { return unit.Scope{Workspaces: w} }

// update runs a unit twice, as every unit of the suite that can, and returns
// its error.
func (b *bench) update(s unit.Scope, fn func(context.Context, storage.Tx) error) error {
	return Rerun(b.store).Update(b.Context(), s, fn)
}

// do is update for what must succeed.
func (b *bench) do(s unit.Scope, fn func(context.Context, storage.Tx) error) {
	b.Helper()
	b.ok(b.update(s, fn))
}

// view reads what must be readable.
func (b *bench) view(fn func(context.Context, storage.Reader) error) {
	b.Helper()
	b.ok(b.store.View(b.Context(), fn))
}

// read returns what a reading finds, in a View of its own.
func read[T any](b *bench, fn func(context.Context, storage.Reader) (T, error)) (found T) {
	b.Helper()
	b.view(func(ctx context.Context, r storage.Reader) (err error) {
		found, err = fn(ctx, r)
		return err
	})
	return found
}

// about says what the next failure is about.
func (b *bench) about(format string, args ...any) { b.told = "\nabout " + fmt.Sprintf(format, args...) }

func (b *bench) ok(err error) {
	b.Helper()
	if err != nil {
		b.Fatalf("err = %v, want none%s", err, b.told)
	}
}

// is fails unless err is one of the targets.
func (b *bench) is(err error, targets ...error) {
	b.Helper()
	if !slices.ContainsFunc(targets, func(t error) bool { return errors.Is(err, t) }) {
		b.Fatalf("err = %v, want %v%s", err, targets, b.told)
	}
}

// same fails unless two values print the same: empty lists are like nil ones,
// times are compared with their zone, everything else by what it holds.
func (b *bench) same(what string, got, want any) {
	b.Helper()
	g, w := lines(got), lines(want)
	if slices.Equal(g, w) {
		return
	}
	extra := only(g, func(l string) bool { return !slices.Contains(w, l) })
	missing := only(w, func(l string) bool { return !slices.Contains(g, l) })
	if len(extra)+len(missing) == 0 {
		extra, missing = g, w
	}
	b.Fatalf("%s:%s%s", what, differences(extra, missing), b.told)
}

// differences prints the first line of each side, a long pair from shortly
// before where they differ, and how many more there are.
func differences(got, want []string) string {
	g, w := append(got, "nothing")[0], append(want, "nothing")[0]
	start := 0
	for start < min(len(g), len(w)) && g[start] == w[start] {
		start++
	}
	var text strings.Builder
	for _, side := range []struct {
		name, line string
		more       int
	}{{"got ", g, len(got) - 1}, {"want", w, len(want) - 1}} {
		fmt.Fprintf(&text, "\n %s ", side.name)
		if from := start - 60; from > 0 {
			side.line = "... " + strings.ToValidUTF8(side.line[from:], "")
		}
		text.WriteString(side.line)
		if side.more > 0 {
			fmt.Fprintf(&text, "\n      and %d more", side.more)
		}
	}
	return text.String()
}

// lines prints a value: a list by its items, to compare long ones with ease.
func lines(v any) []string {
	if v == nil {
		return nil
	}
	list := reflect.ValueOf(v)
	if list.Kind() != reflect.Slice {
		return []string{fmt.Sprintf("%+v", v)}
	}
	var all []string
	for i := range list.Len() {
		all = append(all, fmt.Sprintf("%+v", list.Index(i).Interface()))
	}
	return all
}

// wait returns what a goroutine sends.
func wait[T any](b *bench, what string, from <-chan T) T {
	b.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		b.Fatalf("%s: nothing after %v", what, patience)
		panic("unreachable")
	}
}

// race runs fn n times at once, on one store after the other, and returns the
// errors.
func (b *bench) race(n int, fn func(i int, s storage.Store) error) []error {
	b.Helper()
	errs, start := make(chan error, n), make(chan struct{})
	for i := range n {
		go func() {
			<-start
			errs <- fn(i, b.stores[i%len(b.stores)])
		}()
	}
	close(start)
	all := make([]error, n)
	for i := range all {
		all[i] = wait(b, "units at the same time", errs)
	}
	return all
}
