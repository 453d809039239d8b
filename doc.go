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
// # From nothing to a developer
//
// The order in which a platform fills:
//
//  1. OpenTenant: the operator opens the wallet's workspace, with its admin.
//  2. Workspaces.SetStatus: the operator verifies it. A pending tenant has
//     members, but creates no mini program, nor do its merchants.
//  3. OpenDeveloper: the tenant's admin opens a merchant's workspace. The
//     merchant's admin is invited, and accepts.
//  4. MiniPrograms.Create: the merchant's admin makes a mini program.
//  5. Members.Invite: he invites a developer, who needs at least one mini
//     program to be assigned, and so comes last.
//
// # Who acts
//
// The second argument of every verb, but for those that an invited person
// calls, is the actor: rbac.User for a person that
// the host has authenticated, rbac.System for the host itself, the platform
// operator. The library authenticates nobody, unless it is to keep passwords (package
// signin). What the actor may do follows
// from his memberships, as stored; there are no sessions. Verbs check by
// themselves: [Platform.Access] is for routes of the host's own, and for knowing
// beforehand.
//
// # Sending tokens
//
// Invite and Resend return a token once; the host mails it. Resend ends the link
// sent before, so a mail that fails after it leaves the person with none, until
// the next Resend. Nothing is to be sent from inside a unit of several verbs,
// which may run again: a host that must not lose a mail writes it to a table of
// its own in the same transaction ([Platform.With]) and sends it from there.
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
// fault. Beside the errors that its comment names, every verb may answer a
// *rbac.DeniedError, the not-found error of what it acts on, id.ErrAccount or
// rbac.ErrRequest for an actor that cannot be one, a *fault.InvalidError, an error
// of the store (package storage), or the context's. An id of another tenant is
// answered like one that does not exist: by verbs as not found, by Access.Check
// as a denial for no membership.
//
// # Tests
//
// Package superapptest gives a platform on the memory store, with people in
// every role.
package superapp
