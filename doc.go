// Package superapp is the management plane of a mini program platform, as a
// library: tenant and developer workspaces, members from invitation to removal,
// roles and permissions, mini programs and QR codes, on a store of the host's
// choice.
//
//	store, err := sqlite.Open(ctx, "platform.db", nil) // or memory.New()
//	err = store.Migrate(ctx)                           // never done by a constructor
//	p, err := superapp.New(store, nil)                 // nil options: safe defaults
//
// A [Platform] holds one service for each subject, and its verbs:
//
//	opened, _, err := p.OpenTenant(ctx, operator, superapp.Open{...})
//	m, token, err := p.Members.Invite(ctx, admin, member.Invite{...})
//	m, err = p.Members.Accept(ctx, token, member.Account{...})
//	err = p.Access.Check(ctx, rbac.User("acc-dee"), rbac.UploadVersion, rbac.OnMiniProgram(shop))
//
// # Who acts
//
// The second argument of every verb is the actor: rbac.User for a person that
// the host has authenticated, rbac.System for the host itself, the platform
// operator. The library authenticates nobody. What the actor may do follows
// from his memberships, as stored; there are no sessions.
//
// # Units of work
//
// Every verb is one unit: it happens as a whole, with its event in the audit
// trail, or not at all. [Platform.Update] makes one unit of several verbs, and
// [Platform.With] a platform inside a transaction of the host's own.
//
// # Errors
//
// Errors have a kind, a stable code, and often typed details: see package
// fault. An id of another tenant is answered like one that does not exist.
//
// # Tests
//
// Package superapptest gives a platform on the memory store, with people in
// every role.
package superapp
