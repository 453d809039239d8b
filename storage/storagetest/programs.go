package storagetest

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/storage"
)

var programs = []testCase{
	{"a mini program comes back as it was stored", "every field is kept, for each type and status", func(b *bench) {
		t := b.newTown()
		full := b.program(t.developer, func(p *program) {
			p.Type, p.Language, p.Status = miniprogram.H5, "zh-Hans", miniprogram.Published
			p.Name, p.NameKey, p.LatestVersion, p.UploadedAt = "小店", "小店", "2.0.0-rc.1", now
		})
		bare := b.program(t.tenant, func(p *program) { p.Creator = "" })
		for _, p := range []program{full, bare, b.program(t.developer, archived)} {
			b.put(p)
			b.same("the mini program", b.miniProgram(p.ID), p.MiniProgram)
		}
	}},
	{"an update replaces it", "UpdateMiniProgram replaces everything but the id, the workspaces, the type, the creator and the time of creation", func(b *bench) {
		t := b.newTown()
		want := t.program.MiniProgram
		want.Language, want.Name, want.NameKey, want.Status = "fr", "Caisse", "caisse", miniprogram.Offline
		want.LatestVersion, want.UploadedAt, want.UpdatedAt = "3.1.0", now.Add(time.Hour), now.Add(time.Hour)
		given := want
		given.Type, given.Creator, given.CreatedAt = miniprogram.H5, "u-thief", now.Add(time.Hour)
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			return tx.UpdateMiniProgram(ctx, given, []string{"caisse"})
		})
		b.same("the mini program", b.miniProgram(want.ID), want)
	}},
	{"a missing mini program is not found", "reading a mini program by an id that was never stored is miniprogram.ErrNotFound; its lists are empty", func(b *bench) {
		t := b.newTown()
		b.view(func(ctx context.Context, r storage.Reader) error {
			for _, u := range []id.UUID{b.uuid(), {}, t.developer.ID.UUID} {
				_, err := r.MiniProgram(ctx, id.MiniProgram{UUID: u})
				b.is(err, miniprogram.ErrNotFound)
			}
			return nil
		})
		b.same("the team of nothing", b.team(id.MiniProgram{UUID: b.uuid()}), nil)
		b.same("the versions of nothing", b.versions(id.MiniProgram{UUID: b.uuid()}), nil)
	}},
	{"versions come back as they were stored", "every field of a version is kept, lists, notes, hash and a size beyond 32 bits included, and they come in the order of their ids", func(b *bench) {
		t := b.newTown()
		bare := b.version(t.program, func(v *miniprogram.Version) { v.JSAPIs, v.Notes, v.Uploader = nil, nil, "" })
		other := b.program(t.developer)
		b.put(bare, other, b.version(other))
		want := kept([]miniprogram.Version{t.version, bare}, func(miniprogram.Version) bool { return true },
			func(v miniprogram.Version) id.UUID { return v.ID.UUID })
		b.same("the versions", b.versions(t.program.ID), want)
	}},
	{"NameTaken asks for one tenant and language", "a folded name is taken if a mini program of the tenant that is not archived has it in that language", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		name := func(key string) func(*program) { return func(p *program) { p.Name, p.NameKey = key, key } }
		b.put(b.program(t.tenant, name("shop")), b.program(t.developer, name("gone"), archived), b.program(other.tenant, name("theirs")))
		for _, c := range []struct {
			language, key string
			want          bool
		}{{"en", "shop", true}, {"fr", "shop", false}, {"en", "Shop", false}, {"en", "shop ", false}, {"en", "sho", false}, {"en", "gone", false}, {"en", "theirs", false}} {
			got := read(b, func(ctx context.Context, r storage.Reader) (bool, error) {
				return r.NameTaken(ctx, t.tenant.ID, c.language, c.key)
			})
			b.about("name: %q in %s", c.key, c.language)
			b.same("whether it is taken", got, c.want)
		}
	}},
}

func (b *bench) miniProgram(p id.MiniProgram) miniprogram.MiniProgram {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) (miniprogram.MiniProgram, error) {
		return r.MiniProgram(ctx, p)
	})
}

func (b *bench) versions(p id.MiniProgram) []miniprogram.Version {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) ([]miniprogram.Version, error) {
		return r.Versions(ctx, p, id.Version{}, plenty)
	})
}

func (b *bench) team(p id.MiniProgram) []miniprogram.TeamMember {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) ([]miniprogram.TeamMember, error) {
		return r.Team(ctx, p, id.Member{}, plenty)
	})
}
