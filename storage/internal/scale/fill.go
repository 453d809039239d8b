package scale

import (
	"context"
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

var now = time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)

// A city is a tenant with so many members, mini programs and events. Nothing of
// it is kept in memory: the n-th id and name are computed.
type city struct {
	tenant workspace.Workspace
	count  int
}

// The kinds of ids.
const (
	kindWorkspace = iota + 1
	kindMember
	kindProgram
)

// id is the n-th id of a kind; they ascend.
func (c city) id(kind byte, n int) (u id.UUID) {
	u[0] = kind
	binary.BigEndian.PutUint64(u[8:], uint64(n))
	return u
}

func (c city) program(n int) id.MiniProgram { return id.MiniProgram{UUID: c.id(kindProgram, n)} }

// word is a word in the name of the n-th mini program alone.
func (c city) word(n int) string { return fmt.Sprintf("k%07d", n) }

// name is the folded name of the n-th mini program.
func (c city) name(n int) string { return "shop " + c.word(n) + " till" }

// spread returns the ids of n mini programs, far from each other.
func (c city) spread(n int) (list []id.MiniProgram) {
	for i := range n {
		list = append(list, c.program(1+i*(c.count/n)))
	}
	return list
}

// fill stores a city, some rows in each unit.
func fill(b *testing.B, store storage.Store, count int) city {
	b.Helper()
	c := city{count: count}
	c.build(b, store, func(ctx context.Context, tx storage.Tx, n int) error { return c.put(ctx, tx, n) })
	return c
}

// scope is that of a unit in the city.
func (c *city) scope() unit.Scope { return unit.Scope{Workspaces: []id.Workspace{c.tenant.ID}} }

// build opens the tenant and puts the n-th of everything, some in each unit.
func (c *city) build(b *testing.B, store storage.Store, put func(ctx context.Context, tx storage.Tx, n int) error) {
	b.Helper()
	c.tenant = workspace.Workspace{
		ID: id.Workspace{UUID: c.id(kindWorkspace, 1)}, Kind: workspace.Tenant, Name: "Wallet", Status: workspace.Verified, CreatedAt: now, UpdatedAt: now,
	}
	c.tenant.Tenant = c.tenant.ID
	const most = 500
	for from := 0; from < c.count; from += most {
		if err := store.Update(b.Context(), c.scope(), func(ctx context.Context, tx storage.Tx) error {
			if from == 0 {
				if err := tx.InsertWorkspace(ctx, c.tenant); err != nil {
					return err
				}
			}
			for n := from; n < min(from+most, c.count); n++ {
				if err := put(ctx, tx, n); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
}

// create stores the n-th mini program.
func (c city) create(ctx context.Context, tx storage.Tx, n int) error {
	p := miniprogram.MiniProgram{
		ID: c.program(n), Workspace: c.tenant.ID, Tenant: c.tenant.ID, Type: miniprogram.DSL, Language: "en", Name: c.name(n),
		NameKey: c.name(n), Status: miniprogram.InDevelopment, CreatedAt: now, UpdatedAt: now,
	}
	if err := tx.InsertMiniProgram(ctx, p, text.Terms(p.Name)); err != nil {
		return err
	}
	return tx.PutInformation(ctx, p, miniprogram.Information{Language: p.Language, Name: p.Name, NameKey: p.NameKey})
}

// put stores the n-th mini program, member and event.
func (c city) put(ctx context.Context, tx storage.Tx, n int) error {
	if err := c.create(ctx, tx, n); err != nil {
		return err
	}
	who := fmt.Sprint("u-", n)
	m := member.Member{
		ID: id.Member{UUID: c.id(kindMember, n)}, Workspace: c.tenant.ID, Tenant: c.tenant.ID, State: member.Active, Role: rbac.WorkspaceDeveloper,
		Name: who, NameKey: who, Email: who + "@people.example", Account: id.Account(who), CreatedAt: now, UpdatedAt: now, JoinedAt: now,
		Programs: []rbac.HeldProgram{{MiniProgram: c.program(0), Owner: c.tenant.ID, Team: rbac.MiniProgramDeveloper.Key()}},
	}
	if err := tx.InsertMember(ctx, m); err != nil {
		return err
	}
	return tx.AppendEvent(ctx, audit.Event{
		Workspace: c.tenant.ID, Seq: uint64(n + 1), At: now, Verb: "member.invited", Object: rbac.OnMember(m.ID), System: true,
		Actor: "bench", Data: []byte("{}"), Personal: []byte("{}"), Salt: []byte("salt"),
	})
}
