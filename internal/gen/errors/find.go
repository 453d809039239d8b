package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/superapp-go/superapp/fault"
)

const faultPath = "github.com/superapp-go/superapp/fault"

// kinds maps the constants of package fault, as source names them.
var kinds = map[string]fault.Kind{
	"ErrInvalid":     fault.ErrInvalid,
	"ErrNotFound":    fault.ErrNotFound,
	"ErrExists":      fault.ErrExists,
	"ErrDenied":      fault.ErrDenied,
	"ErrState":       fault.ErrState,
	"ErrConflict":    fault.ErrConflict,
	"ErrLimit":       fault.ErrLimit,
	"ErrUnavailable": fault.ErrUnavailable,
}

// A sentinel is one variable declared with fault.Define.
type sentinel struct {
	dir  string // of its package, relative to the module
	pkg  string // the package's name
	name string // of the variable
	kind fault.Kind
	code string
	text string
}

// find returns the sentinels of the module's packages, ordered by code. The
// examples are programs of their own and not of the library.
func find(root string) ([]sentinel, error) {
	var all []sentinel
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != root && (d.Name() == "testdata" || d.Name() == "examples" || strings.HasPrefix(d.Name(), ".")):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		found, err := inFile(fset, file)
		if err != nil {
			return err
		}
		dir, err := filepath.Rel(root, filepath.Dir(name))
		for i := range found {
			found[i].dir = filepath.ToSlash(dir)
		}
		all = append(all, found...)
		return err
	})
	slices.SortFunc(all, func(a, b sentinel) int {
		return cmp.Or(cmp.Compare(a.code, b.code), cmp.Compare(a.dir, b.dir))
	})
	return all, err
}

// inFile returns the sentinels of one file. A call of fault.Define that it
// cannot read, or that is no variable's value, is an error.
func inFile(fset *token.FileSet, file *ast.File) ([]sentinel, error) {
	fault := faultName(file)
	calls := map[*ast.CallExpr]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && isDefine(call, fault) {
			calls[call] = true
		}
		return true
	})

	var found []sentinel
	for _, decl := range file.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.VAR {
			continue
		}
		for _, spec := range gen.Specs {
			spec := spec.(*ast.ValueSpec)
			for i, value := range spec.Values {
				call, ok := value.(*ast.CallExpr)
				if !ok || !calls[call] {
					continue
				}
				delete(calls, call)
				s, err := read(call)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", fset.Position(call.Pos()), err)
				}
				s.pkg, s.name = file.Name.Name, spec.Names[i].Name
				found = append(found, s)
			}
		}
	}
	for call := range calls {
		return nil, fmt.Errorf("%s: fault.Define outside a package's variable", fset.Position(call.Pos()))
	}
	return found, nil
}

// faultName returns the name by which the file knows package fault: "" inside
// the package itself, and "-" if it does not import it.
func faultName(file *ast.File) string {
	for _, imp := range file.Imports {
		if p, _ := strconv.Unquote(imp.Path.Value); p == faultPath {
			if imp.Name != nil {
				return imp.Name.Name
			}
			return path.Base(faultPath)
		}
	}
	if file.Name.Name == path.Base(faultPath) {
		return ""
	}
	return "-"
}

func isDefine(call *ast.CallExpr, fault string) bool {
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		return fault == "" && fun.Name == "Define"
	case *ast.SelectorExpr:
		x, ok := fun.X.(*ast.Ident)
		return ok && x.Name == fault && fun.Sel.Name == "Define"
	}
	return false
}

// read takes the kind, code and text from a call of fault.Define.
func read(call *ast.CallExpr) (s sentinel, err error) {
	if len(call.Args) != 3 {
		return s, fmt.Errorf("fault.Define takes 3 arguments, got %d", len(call.Args))
	}
	kind := call.Args[0]
	if sel, ok := kind.(*ast.SelectorExpr); ok {
		kind = sel.Sel
	}
	name, ok := kind.(*ast.Ident)
	if !ok || kinds[name.Name] == 0 {
		return s, fmt.Errorf("the kind must be a constant of package fault")
	}
	s.kind = kinds[name.Name]
	code, text := literal(call.Args[1]), literal(call.Args[2])
	if code == nil || text == nil {
		return s, fmt.Errorf("code and text must be string literals")
	}
	s.code, s.text = constant.StringVal(code), constant.StringVal(text)
	return s, nil
}

// literal returns the value of a string literal, or of several joined by +;
// nil for anything else.
func literal(e ast.Expr) constant.Value {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			return constant.MakeFromLiteral(e.Value, e.Kind, 0)
		}
	case *ast.BinaryExpr:
		x, y := literal(e.X), literal(e.Y)
		if e.Op == token.ADD && x != nil && y != nil {
			return constant.BinaryOp(x, e.Op, y)
		}
	}
	return nil
}
