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
	// DomainPorts lets domains of the configuration have a port (P6). Default: they
	// have none.
	DomainPorts bool
}

// A Service answers for mini programs. It is safe for concurrent use.
type Service struct {
	store  Store
	env    *unit.Env
	limits Limits
	ports  bool
}

// New returns the service over a store; nil options are the defaults. The error
// is a *fault.InvalidError for limits out of their bounds.
func New(store Store, env *unit.Env, o *Options) (*Service, error) {
	if o == nil {
		o = &Options{}
	}
	if err := o.Limits.Validate(); err != nil {
		return nil, err
	}
	return (&Service{env: env, limits: o.Limits.withDefaults(), ports: o.DomainPorts}).On(store), nil
}

// On returns the same service over another store, such as an open unit.
func (s *Service) On(store Store) *Service {
	on := *s
	on.store = store
	return &on
}

// Create makes a mini program in a workspace by quick setup (P1), together with its
// default QR code (Q1); it starts in development. The caller needs miniprogram.create there, and the workspace and
// its tenant must be verified. The creator becomes its first mini program admin
// if he is a member of the workspace whose role may be on teams (R5). Errors:
// *fault.InvalidError, [ErrNameTaken].
func (s *Service) Create(ctx context.Context, actor rbac.Actor, c Create) (p MiniProgram, err error) {
	defer fault.Wrap(&err, "miniprogram: create")
	if c, err = c.check(s.limits); err != nil {
		return p, err
	}
	newID, newCode := id.MiniProgram{UUID: s.env.NewID()}, id.QRCode{UUID: s.env.NewID()}
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
		if err := tx.InsertMiniProgram(ctx, made, text.Terms(made.Name)); err != nil {
			return err
		}
		if err := tx.PutInformation(ctx, made, Information{Language: made.Language, Name: made.Name, NameKey: made.NameKey}); err != nil {
			return err
		}
		if err := tx.InsertDefaultQRCode(ctx, made, newCode); err != nil {
			return err
		}
		entry := audit.Entry{Workspace: made.Workspace, Object: rbac.OnMiniProgram(made.ID), Actor: actor, At: now}
		entry.Verb, entry.After = EventCreated, made
		if err := audit.Append(ctx, tx, entry); err != nil {
			return err
		}
		p = made
		if facts.Home.Presence != rbac.Active || !s.env.Matrix.Info(facts.Home, 0).Team {
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
