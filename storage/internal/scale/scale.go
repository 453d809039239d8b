// Package scale measures the lists of a store that holds many rows: whether a
// page deep in a list costs what the first one does, and a name is found at once.
package scale

import (
	"context"
	"os"
	"strconv"
	"testing"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/workspace"
)

// size is the number of items in a page.
const size = 50

// rows is how many rows each list has: SUPERAPP_BENCH_ROWS, or few enough for a
// run that only shows that the benchmark works.
func rows(b *testing.B) int {
	n, err := strconv.Atoi(os.Getenv("SUPERAPP_BENCH_ROWS"))
	if err != nil {
		n = 2000
	}
	if n < 4*size {
		b.Fatalf("SUPERAPP_BENCH_ROWS is %d: want at least %d", n, 4*size)
	}
	return n
}

// Lists fills an empty store and measures its lists: the first page of each and
// one in the middle, which is the 10,000th of a million rows, and searches
// for the name of one. filled is called when everything is stored, for an engine
// that would count its rows some time later.
func Lists(b *testing.B, store storage.Store, filled func()) {
	c := fill(b, store, rows(b))
	filled()
	half := c.count / 2
	enabled := []workspace.Status{workspace.Verified}
	tenants := rbac.Filter{Tenants: []id.Workspace{c.tenant.ID}, Statuses: enabled}
	all := rbac.Filter{All: true, Statuses: enabled}
	// What a developer sees who has twenty mini programs.
	few := rbac.Filter{MiniPrograms: c.spread(20), Statuses: enabled}

	members := func(after int) func(context.Context, storage.Reader) (int, error) {
		q := member.Query{Workspace: c.tenant.ID, After: id.Member{UUID: c.id(kindMember, after)}, Limit: size}
		return func(ctx context.Context, r storage.Reader) (int, error) {
			list, err := r.Members(ctx, q)
			return len(list), err
		}
	}
	holders := func(after int) func(context.Context, storage.Reader) (int, error) {
		q := member.Query{MiniProgram: c.program(0), After: id.Member{UUID: c.id(kindMember, after)}, Limit: size}
		return func(ctx context.Context, r storage.Reader) (int, error) {
			list, err := r.Members(ctx, q)
			return len(list), err
		}
	}
	programs := func(q miniprogram.Query) func(context.Context, storage.Reader) (int, error) {
		q.Limit = size
		return func(ctx context.Context, r storage.Reader) (int, error) {
			list, err := r.MiniPrograms(ctx, q)
			return len(list), err
		}
	}
	events := func(after int) func(context.Context, storage.Reader) (int, error) {
		q := audit.Query{Workspace: c.tenant.ID, After: uint64(after), Limit: size}
		return func(ctx context.Context, r storage.Reader) (int, error) {
			list, err := r.Events(ctx, q)
			return len(list), err
		}
	}
	for _, list := range []struct {
		name string
		want int
		read func(context.Context, storage.Reader) (int, error)
	}{
		{"members/first page", size, members(0)},
		{"members/in the middle", size, members(half)},
		{"members of a mini program/first page", size, holders(0)},
		{"members of a mini program/in the middle", size, holders(half)},
		{"mini programs/first page", size, programs(miniprogram.Query{Filter: tenants})},
		{"mini programs/in the middle", size, programs(miniprogram.Query{Filter: tenants, After: c.program(half)})},
		{"events/first page", size, events(0)},
		{"events/in the middle", size, events(half)},
		{"common word/first page", size, programs(miniprogram.Query{Filter: tenants, Prefix: "shop"})},
		{"common word/in the middle", size, programs(miniprogram.Query{Filter: tenants, Prefix: "shop", AfterTerm: c.name(half), After: c.program(half)})},
		{"common word, everywhere/first page", size, programs(miniprogram.Query{Filter: all, Prefix: "shop"})},
		{"common word, everywhere/in the middle", size, programs(miniprogram.Query{Filter: all, Prefix: "shop", AfterTerm: c.name(half), After: c.program(half)})},
		{"one name", 1, programs(miniprogram.Query{Filter: tenants, Prefix: c.word(half)})},
		{"one name, everywhere", 1, programs(miniprogram.Query{Filter: all, Prefix: c.word(half)})},
		{"what a developer has", 20, programs(miniprogram.Query{Filter: few})},
	} {
		b.Run(list.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				got := 0
				err := store.View(b.Context(), func(ctx context.Context, r storage.Reader) (err error) {
					got, err = list.read(ctx, r)
					return err
				})
				if err != nil || got != list.want {
					b.Fatal(got, err)
				}
			}
		})
	}
}
