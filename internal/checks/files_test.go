package checks

import (
	"cmp"
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// maxLines is the greatest length of a file that somebody wrote.
const maxLines = 300

func TestFilesAreShort(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		for _, f := range p.files {
			if f.lines > maxLines && !f.generated {
				t.Errorf("%s has %d lines, want at most %d: give a part of it a file of its own", f.path, f.lines, maxLines)
			}
		}
	}
}

// machinePath is a path that means something on one machine only.
var machinePath = regexp.MustCompile(`(^|[^\w.~/-])/(work|farm|home|root|Users)/|/tmp/[a-z]`)

func TestNoMachinePaths(t *testing.T) {
	t.Parallel()
	walk(t, func(name string, text []byte) {
		if path.Base(name) == "go.sum" {
			return
		}
		for i, line := range strings.Split(string(text), "\n") {
			if at := machinePath.FindString(line); at != "" {
				t.Errorf("%s:%d mentions %q, a path of one machine", name, i+1, at)
			}
		}
	})
}

func TestPackagesHaveComments(t *testing.T) {
	t.Parallel()
	for dir, p := range packages(t) {
		if !slices.ContainsFunc(p.files, func(f file) bool { return f.ast.Doc != nil }) {
			t.Errorf("package %s has no package comment", dir)
		}
	}
}

func TestExportedNamesHaveComments(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if p.name == "main" {
			continue
		}
		for _, f := range p.files {
			for _, decl := range f.ast.Decls {
				for _, name := range uncommented(decl) {
					t.Errorf("%s: %s has no comment: tell its contract", p.fset.Position(name.Pos()), name.Name)
				}
			}
		}
	}
}

// uncommented returns the exported names of a declaration that nothing
// explains. The comment of a group is enough for its constants and variables,
// the comment of an interface for its only method.
func uncommented(decl ast.Decl) (names []*ast.Ident) {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Doc == nil && d.Name.IsExported() && owed(d.Recv) {
			names = append(names, d.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.ValueSpec:
				if cmp.Or(d.Doc, s.Doc, s.Comment) == nil {
					names = append(names, s.Names...)
				}
			case *ast.TypeSpec:
				if s.Doc == nil && (d.Doc == nil || d.Lparen != token.NoPos) {
					names = append(names, s.Name)
				}
				if i, ok := s.Type.(*ast.InterfaceType); ok && s.Name.IsExported() && i.Methods.NumFields() > 1 {
					for _, m := range i.Methods.List {
						if m.Doc == nil {
							names = append(names, m.Names...)
						}
					}
				}
			}
		}
	}
	return slices.DeleteFunc(names, func(n *ast.Ident) bool { return !n.IsExported() })
}

// owed reports whether the methods of a receiver are owed a comment: not those
// of an unexported type, and not those of UnimplementedTx, of which one
// comment says all.
func owed(recv *ast.FieldList) bool {
	if recv == nil {
		return true
	}
	t := recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	switch x := t.(type) {
	case *ast.IndexExpr:
		t = x.X
	case *ast.IndexListExpr:
		t = x.X
	}
	name, ok := t.(*ast.Ident)
	return ok && name.IsExported() && name.Name != "UnimplementedTx"
}
