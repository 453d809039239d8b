package miniprogram

import (
	"context"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// Options configure a [Service].
type Options struct {
	// Limits bound what people write. Default: those of [Limits].
	Limits Limits
}

// A Service answers for mini programs. It is safe for concurrent use.
type Service struct {
	store  Store
	env    *unit.Env
	limits Limits
}

// New returns the service over a store; nil options are the defaults. The error
// is a *fault.InvalidError for limits that contradict each other.
func New(store Store, env *unit.Env, o *Options) (*Service, error) {
	if o == nil {
		o = &Options{}
	}
	if err := o.Limits.Validate(); err != nil {
		return nil, err
	}
	return (&Service{env: env, limits: o.Limits.withDefaults()}).On(store), nil
}

// On returns the same service over another store, such as an open unit.
func (s *Service) On(store Store) *Service {
	on := *s
	on.store = store
	return &on
}

// Create makes a mini program in a workspace by quick setup (P1); it starts in
// development. The caller needs miniprogram.create there, and the workspace and
// its tenant must be verified. The creator becomes its first mini program admin
// if he is a member of the workspace whose role may be on teams (R5). Errors:
// *fault.InvalidError, [ErrNameTaken].
func (s *Service) Create(ctx context.Context, actor rbac.Actor, c Create) (p MiniProgram, err error) {
	defer fault.Wrap(&err, "miniprogram: create")
	if c, err = c.check(s.limits); err != nil {
		return p, err
	}
	newID := id.MiniProgram{UUID: s.env.NewID()}
	on := rbac.OnWorkspace(c.Workspace)
	err = s.store.Update(ctx, unit.On(actor, on), func(ctx context.Context, tx Tx) error {
		facts, err := s.env.Authorize(ctx, tx, actor, rbac.CreateMiniProgram, on, workspace.ErrNotFound)
		if err != nil {
			return err
		}
		now := s.env.Now()
		made := MiniProgram{
			ID: newID, Workspace: facts.Owner, Tenant: facts.Tenant, Type: c.Type, Language: c.Language,
			Name: c.Name, NameKey: text.Fold(c.Name), Status: InDevelopment, Creator: actor.Account(),
			CreatedAt: now, UpdatedAt: now,
		}
		taken, err := tx.NameTaken(ctx, made.Tenant, made.Language, made.NameKey)
		if err != nil {
			return err
		}
		if taken {
			return ErrNameTaken
		}
		if err := tx.InsertMiniProgram(ctx, made, made.Terms()); err != nil {
			return err
		}
		entry := audit.Entry{Workspace: made.Workspace, Object: rbac.OnMiniProgram(made.ID), Actor: actor, At: now}
		entry.Verb, entry.After = EventCreated, made
		if err := audit.Append(ctx, tx, entry); err != nil {
			return err
		}
		p = made
		if info, _ := facts.Home.Role.Role().Info(); facts.Home.Presence != rbac.Active || !info.Team {
			return nil
		}
		held := rbac.HeldProgram{MiniProgram: made.ID, Owner: made.Workspace, Team: rbac.MiniProgramAdmin.Key()}
		if err := tx.PutHeld(ctx, facts.Home.Member, held); err != nil {
			return err
		}
		entry.Verb, entry.After = EventTeamAdded, TeamSnapshot{Member: facts.Home.Member, Role: rbac.MiniProgramAdmin}
		return audit.Append(ctx, tx, entry)
	})
	if err != nil {
		return MiniProgram{}, err
	}
	return p, nil
}

// UploadVersion registers an uploaded version. The caller needs version.upload
// on the mini program. Errors: *fault.InvalidError, *[VersionOrderError],
// [ErrArchived]. The same number a second time is a [VersionOrderError].
func (s *Service) UploadVersion(ctx context.Context, actor rbac.Actor, u Upload) (v Version, err error) {
	defer fault.Wrap(&err, "miniprogram: upload version")
	if u, err = u.check(); err != nil {
		return v, err
	}
	newID := id.Version{UUID: s.env.NewID()}
	on := rbac.OnMiniProgram(u.MiniProgram)
	err = s.store.Update(ctx, unit.On(actor, on), func(ctx context.Context, tx Tx) error {
		facts, err := s.env.Authorize(ctx, tx, actor, rbac.UploadVersion, on, ErrNotFound)
		if err != nil {
			return err
		}
		if len(u.Notes) > 0 {
			if err := s.env.Matrix.Decide(actor, facts, rbac.EditVersionNote).Err(); err != nil {
				return err
			}
		}
		now := s.env.Now()
		before, err := tx.MiniProgram(ctx, u.MiniProgram)
		if err != nil {
			return err
		}
		after, err := before.upload(u.Number, now)
		if err != nil {
			return err
		}
		made := Version{
			ID: newID, MiniProgram: after.ID, Workspace: after.Workspace, Tenant: after.Tenant,
			Number: u.Number, Status: VersionNew, Package: u.Package, JSAPIs: u.JSAPIs, Notes: u.Notes,
			Uploader: actor.Account(), UploadedAt: now,
		}
		if err := tx.UpdateMiniProgram(ctx, after, after.Terms()); err != nil {
			return err
		}
		if err := tx.InsertVersion(ctx, made); err != nil {
			return err
		}
		v = made
		return audit.Append(ctx, tx, audit.Entry{
			Workspace: made.Workspace, Verb: EventUploaded, Object: rbac.OnVersion(made.ID), Actor: actor, At: now, After: made,
		})
	})
	if err != nil {
		return Version{}, err
	}
	return v, nil
}

// Versions returns a page of a mini program's versions, oldest first. The
// caller needs version.view on it.
func (s *Service) Versions(ctx context.Context, actor rbac.Actor, p id.MiniProgram, req page.Request) (page.Page[Version], error) {
	return listOf(ctx, s, actor, p, req, "miniprogram.versions", rbac.ViewVersion,
		func(ctx context.Context, r Reader, after id.UUID, limit int) ([]Version, error) {
			return r.Versions(ctx, p, id.Version{UUID: after}, limit)
		}, func(v Version) []byte { return v.ID.Bytes() })
}

// Team returns a page of a mini program's team, blocked members included (P5).
// The caller needs team.view on it.
func (s *Service) Team(ctx context.Context, actor rbac.Actor, p id.MiniProgram, req page.Request) (page.Page[TeamMember], error) {
	return listOf(ctx, s, actor, p, req, "miniprogram.team", rbac.ViewTeam,
		func(ctx context.Context, r Reader, after id.UUID, limit int) ([]TeamMember, error) {
			return r.Team(ctx, p, id.Member{UUID: after}, limit)
		}, func(m TeamMember) []byte { return m.Member.Bytes() })
}

// listOf pages through what belongs to one mini program.
func listOf[T any](ctx context.Context, s *Service, actor rbac.Actor, p id.MiniProgram, req page.Request,
	list string, perm rbac.Permission,
	read func(ctx context.Context, r Reader, after id.UUID, limit int) ([]T, error), key func(T) []byte) (out page.Page[T], err error) {
	defer fault.Wrap(&err, "miniprogram: list")
	list += ":" + p.String()
	limit, after, err := req.ByID(list)
	if err != nil {
		return out, err
	}
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		if _, err := s.env.Authorize(ctx, r, actor, perm, rbac.OnMiniProgram(p), ErrNotFound); err != nil {
			return err
		}
		rows, err := read(ctx, r, after, limit+1)
		out = page.Cut(list, rows, limit, key)
		return err
	})
	return out, err
}
