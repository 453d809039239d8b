package memory

import (
	"bytes"
	"context"
	"slices"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/workspace"
)

// A linkToken is the hash of a link's token.
type linkToken struct {
	hash       [32]byte
	link       id.Link
	generation int
}

func (t linkToken) compare(u linkToken) int { return bytes.Compare(t.hash[:], u.hash[:]) }

// Links returns those of the query.
func (r *reader) Links(ctx context.Context, q member.LinkQuery) ([]member.Link, error) {
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	var list []member.Link
	for key := range r.state.linksOf.after(q.Workspace.UUID, q.After.UUID) {
		if len(list) >= q.Limit {
			break
		}
		l := r.state.links.get(key)
		if (q.Statuses == nil || slices.Contains(q.Statuses, l.Status(q.Now))) && (q.Role == "" || q.Role == l.Role) {
			list = append(list, copyLink(*l))
		}
	}
	return list, nil
}

// behind tells what a link's token leads to.
func (s *state) behind(t linkToken, f *member.Found) {
	l := s.links.get(t.link.UUID)
	f.Link, f.TokenHash, f.Generation = copyLink(*l), t.hash, t.generation
	f.Workspace = *s.workspaces.get(l.Workspace.UUID)
	f.TenantStatus = s.status(f.Workspace.Tenant)
	if l.Maker != "" {
		f.Sender = s.facts(rbac.Query{Account: l.Maker, Object: rbac.OnWorkspace(l.Workspace)})
	}
}

// InsertLink stores a new link.
func (t *tx) InsertLink(ctx context.Context, l member.Link) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	if err := t.state.links.free(l.ID.UUID); err != nil {
		return err
	}
	if t.state.workspaces.get(l.Workspace.UUID) == nil {
		return workspace.ErrNotFound
	}
	l.CreatedAt = stored(l.CreatedAt)
	t.state.linksOf.add(l.Workspace.UUID, l.ID.UUID)
	t.putLink(l)
	return nil
}

// UpdateLink replaces a stored link.
func (t *tx) UpdateLink(ctx context.Context, l member.Link) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	before := t.state.links.get(l.ID.UUID)
	if before == nil {
		return member.ErrLinkNotFound
	}
	l.Workspace, l.Tenant, l.CreatedAt = before.Workspace, before.Tenant, before.CreatedAt
	t.putLink(l)
	return nil
}

func (t *tx) putLink(l member.Link) {
	l = copyLink(l)
	l.ExpiresAt, l.UpdatedAt, l.RevokedAt = stored(l.ExpiresAt), stored(l.UpdatedAt), stored(l.RevokedAt)
	t.state.links.put(l.ID.UUID, &l)
	t.changed = append(t.changed, rbac.OnLink(l.ID))
}

// InsertLinkToken stores the hash of a token of a link.
func (t *tx) InsertLinkToken(ctx context.Context, hash [32]byte, l id.Link, generation int) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	if t.state.links.get(l.UUID) == nil {
		return member.ErrLinkNotFound
	}
	if _, ok := t.state.linkTokens.Get(linkToken{hash: hash}); ok {
		return storage.ErrExists
	}
	t.state.linkTokens.Set(linkToken{hash, l, generation})
	return nil
}

func copyLink(l member.Link) member.Link {
	l.Programs, l.Domains = copied(l.Programs), copied(l.Domains)
	return l
}
