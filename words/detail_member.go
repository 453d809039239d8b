package words

import (
	"errors"

	"github.com/superapp-go/superapp/member"
)

func (w *Words) memberDetail(err error) (more string, args []any) {
	if e, ok := errors.AsType[*member.StateError](err); ok {
		args = []any{w.MemberAction(e.Action), w.MemberStatus(e.Status)}
		if len(e.Open) == 0 {
			return "final", args
		}
		return "open", append(args, w.List(each(e.Open, w.MemberAction)))
	}
	if e, ok := errors.AsType[*member.CeilingError](err); ok {
		return "permissions", []any{w.List(each(e.Permissions, w.Permission))}
	}
	if e, ok := errors.AsType[*member.PresentError](err); ok {
		return string(e.Status), nil
	}
	if e, ok := errors.AsType[*member.LinkStateError](err); ok {
		args = []any{w.LinkAction(e.Action), w.LinkStatus(e.Status)}
		if len(e.Open) == 0 {
			return "final", args
		}
		return "open", append(args, w.List(each(e.Open, w.LinkAction)))
	}
	return w.rowsDetail(err)
}

// rowsDetail tells what is wrong with several at once, or with one of several.
func (w *Words) rowsDetail(err error) (more string, args []any) {
	if e, ok := errors.AsType[*member.CSVError](err); ok {
		switch {
		case e.Name != "":
			return "column", []any{e.Line, e.Name}
		case e.Column > 0:
			return "place", []any{e.Line, e.Column}
		}
		return "line", []any{e.Line}
	}
	if e, ok := errors.AsType[*member.DuplicateError](err); ok && e.Line > 0 {
		return "line", []any{e.Line}
	}
	if e, ok := errors.AsType[*member.BulkError](err); ok {
		n, first := inTheWay(e.Verdicts, func(v member.BulkVerdict) bool { return v.State == member.BulkRefused })
		if n == 0 {
			return "", nil
		}
		if v := e.Verdicts[first]; v.Line > 0 {
			return "figures", []any{n, len(e.Verdicts), w.at("line", v.Line, v.Err)}
		}
		return "figures", []any{n, len(e.Verdicts), w.at("place", first+1, e.Verdicts[first].Err)}
	}
	if e, ok := errors.AsType[*member.BatchError](err); ok {
		n, first := inTheWay(e.Verdicts, func(v member.Verdict) bool { return v.Err != nil })
		if n == 0 {
			return "", nil
		}
		return "figures", []any{n, len(e.Verdicts), w.at("place", first+1, e.Verdicts[first].Err)}
	}
	if e, ok := errors.AsType[*member.RolesError](err); ok && len(e.Verdicts) > 0 {
		return "figures", []any{len(e.Verdicts), w.Error(e.Verdicts[0].Err)}
	}
	return "", nil
}

// at tells what is wrong at a place of several. What is wrong with a line of a file tells
// the line itself.
func (w *Words) at(what string, n int, err error) string {
	if _, ok := errors.AsType[*member.CSVError](err); ok {
		return w.Error(err)
	}
	text, _ := w.Text("at."+what, n, w.Error(err))
	return text
}

// inTheWay counts the verdicts that are, and returns the place of the first.
func inTheWay[V any](all []V, is func(V) bool) (n, first int) {
	for i, v := range all {
		if !is(v) {
			continue
		}
		if n++; n == 1 {
			first = i
		}
	}
	return n, first
}
