// Package rbac decides who may do what: the roles and permissions of a mini
// program platform, and one evaluator for all questions about them.
//
// Most programs ask one question, by ids alone:
//
//	err := p.Access.Check(ctx, rbac.User("u-42"), rbac.UploadVersion, rbac.OnMiniProgram(shop))
//
// nil means allowed; otherwise the error is a *[DeniedError] that says why, and
// what would have to change. Who owns the object, in which tenant, and in what
// state it is comes from the store, never from the caller (S4).
//
// # How a decision is made
//
// A [Matrix] says at which [Scope] a [Role] grants a [Permission]. The store
// answers a [Query] with [Facts]: the caller's memberships as far as they
// matter for one object. [Matrix.Decide] is a pure function of the two. A
// permission is held if the workspace role grants it at a scope that covers
// the object, or the team role on that very mini program does; nothing else
// grants (R2). The roles of a tenant reach its developer workspaces where the
// scope is tenant.
//
// A denial says in [Decision.String] why, and in [Decision.Remedy] the smallest
// change that would allow it (R3). [Matrix.Filter] is the same evaluator for
// lists: it compiles an account's grants into what a store can select.
// [Matrix.Exceeds] is the ceiling: what somebody holds beyond the caller (M12).
//
// # The matrix
//
// The built-in matrix is [BuiltIn]; a host narrows, widens and extends it with
// [Matrix.With] when it builds the platform (R4). [Matrix.WriteMarkdown],
// [Matrix.WriteTSV], [Matrix.WriteCSV] and [Matrix.WriteText] print it, [ReadTSV] and [Diff]
// compare it with a table of the host's own.
package rbac

//go:generate go run ./internal/genmatrix testdata/matrix.tsv matrix_gen.go
//go:generate go run ./internal/matrixdoc ../docs/matrix.md
