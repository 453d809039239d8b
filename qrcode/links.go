package qrcode

import (
	"fmt"
	"iter"
	"slices"
	"strconv"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/internal/text"
)

// Links returns a code for each of several links to one target: what follows is a
// name, as that of [Define], and the parameters that come after those of the target. The
// codes are direct
// and stored nowhere, so that nothing has to be defined before thousands are printed:
//
//	menu := qrcode.Target{MiniProgram: shop, Page: "pages/menu"}
//	tables := qrcode.Links(scheme, menu, qrcode.Numbered("Table", "table", 1, 200))
//	done, err := qrcode.WriteBatch(ctx, w, tables, nil)
//
// The scheme must be that of the service whose app reads them. For a link that cannot
// be made the code comes with its name and an *[fault.InvalidError] under "codes[17]",
// counted from 0, or with the error of the scheme; the sequence goes on if the caller
// does. It can be run through several times.
func Links(s Scheme, t Target, each iter.Seq2[string, []Param]) iter.Seq2[Code, error] {
	return func(yield func(Code, error) bool) {
		n := 0
		for name, params := range each {
			to := t
			to.Params = slices.Concat(t.Params, params)
			var bad fault.Problems
			name = text.Line(&bad, "name", name, 1, MaxName)
			link, err := linkTo(s, to)
			if err = fault.Join(bad.Err(), err); err != nil {
				link = ""
				err = fault.Under(fmt.Sprintf("codes[%d]", n), err)
			}
			d := Definition{MiniProgram: to.MiniProgram, Name: name, Page: to.Page, Params: to.Params}
			if !yield(Code{Definition: d, Link: link, Working: err == nil}, err) {
				return
			}
			n++
		}
	}
}

// linkTo returns the link to a target that may be any, by a scheme that may be the
// host's.
func linkTo(s Scheme, t Target) (string, error) {
	if t.MiniProgram.IsZero() {
		return "", fault.Invalid("mini_program", "required", "want the id of the mini program that the links open")
	}
	if err := t.Validate(); err != nil {
		return "", err
	}
	link, err := s.Link(t)
	if err != nil {
		return "", err
	}
	var p fault.Problems
	checkLink(&p, link)
	if len(p) > 0 {
		return "", p.Err()
	}
	return link, nil
}

// Printable leaves out of a list what should not be printed: the code for testing, and
// those that do not work.
func Printable(codes iter.Seq2[Code, error]) iter.Seq2[Code, error] {
	return func(yield func(Code, error) bool) {
		for c, err := range codes {
			if err == nil && (c.Default || !c.Working) {
				continue
			}
			if !yield(c, err) {
				return
			}
		}
	}
}

// Numbered returns names and parameters for [Links]: "Table 1" with table=1, and so on
// up to the last one.
func Numbered(name, key string, first, last int) iter.Seq2[string, []Param] {
	return func(yield func(string, []Param) bool) {
		for n := first; n <= last; n++ {
			number := strconv.Itoa(n)
			if !yield(name+" "+number, []Param{{Key: key, Value: number}}) || n == last {
				return
			}
		}
	}
}
