package miniprogram

import (
	"context"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
)

// Team returns a page of a mini program's team, blocked members included (P5).
// The caller needs team.view on it.
func (s *Service) Team(ctx context.Context, actor rbac.Actor, p id.MiniProgram, req page.Request) (page.Page[TeamMember], error) {
	return listOf(ctx, s, actor, p, req, teamList, rbac.ViewTeam,
		func(ctx context.Context, r Reader, after id.UUID, limit int) ([]TeamMember, error) {
			return r.Team(ctx, p, id.Member{UUID: after}, limit)
		}, teamKey)
}

const teamList = "miniprogram.team"

func teamKey(m TeamMember) []byte { return m.Member.Bytes() }

// Eligible returns a page of those who may be on a mini program's team: the active
// members of the workspace that owns it whose role may be on teams, with the role
// of those who are on it (P5). The caller needs team.manage on it.
func (s *Service) Eligible(ctx context.Context, actor rbac.Actor, p id.MiniProgram, req page.Request) (out page.Page[TeamMember], err error) {
	defer fault.Wrap(&err, "miniprogram: eligible members")
	list := "miniprogram.eligible:" + p.String()
	limit, after, err := req.ByID(list)
	if err != nil {
		return out, err
	}
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		facts, err := s.env.Authorize(ctx, r, actor, rbac.ManageTeam, rbac.OnMiniProgram(p), ErrNotFound)
		if err != nil {
			return err
		}
		own, err := r.OwnRoles(ctx, facts.Owner, nil)
		if err != nil {
			return err
		}
		found, err := r.Eligible(ctx, EligibleQuery{
			Workspace: facts.Owner, MiniProgram: p, Roles: s.teamRoles(own), After: id.Member{UUID: after}, Limit: limit + 1,
		})
		out = page.Cut(list, found, limit, teamKey)
		return err
	})
	return out, err
}

// teamRoles lists the workspace roles that may be on teams, own ones included.
func (s *Service) teamRoles(own []*rbac.Custom) (roles []rbac.Role) {
	for _, info := range rbac.Roles() {
		if info.Team {
			roles = append(roles, info.Role)
		}
	}
	for _, c := range own {
		if c.Info(s.env.Matrix, 0).Team {
			roles = append(roles, c.Code())
		}
	}
	return roles
}
