package scale

import (
	"context"
	"log/slog"
	"strconv"
	"testing"
	"time"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
)

// Growth measures what a developer with twenty assigned mini programs waits for
// his list when the tenant has 1,000, 10,000, ... of them, up to
// SUPERAPP_BENCH_ROWS: the whole verb, with his rights and the actions open to
// him. open returns an empty store each time; filled is as for [Lists].
func Growth(b *testing.B, open func(*testing.B) storage.Store, filled func()) {
	for n := 1000; n <= max(1000, rows(b)); n *= 10 {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			store := open(b)
			settle(b, store, n)
			filled()
			s, err := miniprogram.New(programs{store}, &unit.Env{
				Matrix: rbac.BuiltIn(), Clock: func() time.Time { return now }, NewID: id.New, Log: slog.New(slog.DiscardHandler),
			}, nil)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				p, err := s.List(b.Context(), rbac.User(developer), miniprogram.Filter{}, page.Request{Size: size})
				if err != nil || len(p.Items) != assigned {
					b.Fatal(len(p.Items), err)
				}
			}
		})
	}
}

const (
	// developer is the account of a member with so many assigned mini programs.
	developer = "u-developer"
	assigned  = 20
)

// settle stores a city of mini programs with one developer.
func settle(b *testing.B, store storage.Store, count int) {
	b.Helper()
	c := city{count: count}
	c.build(b, store, func(ctx context.Context, tx storage.Tx, n int) error { return c.create(ctx, tx, n) })
	m := member.Member{
		ID: id.Member{UUID: c.id(kindMember, 0)}, Workspace: c.tenant.ID, Tenant: c.tenant.ID, State: member.Active, Role: rbac.WorkspaceDeveloper,
		Name: "Dee", NameKey: "dee", Email: "dee@people.example", Account: developer, CreatedAt: now, UpdatedAt: now, JoinedAt: now,
	}
	for _, p := range c.spread(assigned) {
		m.Programs = append(m.Programs, rbac.HeldProgram{MiniProgram: p, Owner: c.tenant.ID, Team: rbac.MiniProgramDeveloper.Key()})
	}
	if err := store.Update(b.Context(), c.scope(), func(ctx context.Context, tx storage.Tx) error { return tx.InsertMember(ctx, m) }); err != nil {
		b.Fatal(err)
	}
}

// programs is a store as package miniprogram sees it.
type programs struct{ store storage.Store }

func (p programs) View(ctx context.Context, fn func(context.Context, miniprogram.Reader) error) error {
	return p.store.View(ctx, func(ctx context.Context, r storage.Reader) error { return fn(ctx, r) })
}

func (p programs) Update(ctx context.Context, s unit.Scope, fn func(context.Context, miniprogram.Tx) error) error {
	return p.store.Update(ctx, s, func(ctx context.Context, tx storage.Tx) error { return fn(ctx, tx) })
}
