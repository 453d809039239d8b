package words

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/superapp-go/superapp/fault"
)

// Error returns what a user may be shown of an error: one or two sentences, with
// the figures that it has. An error with a code that nothing is said of is told by
// its kind; one without a kind, such as a cancelled context, says no more than that
// something went wrong. It never shows the text of a foreign error. "" for nil.
func (w *Words) Error(err error) string {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*fault.InvalidError](err); ok {
		return w.invalid(e)
	}
	code := fault.CodeOf(err)
	if more, args := w.detail(err); more != "" {
		if text, ok := w.Text("error."+code+"."+more, args...); ok {
			return text
		}
	}
	if text, ok := w.Text("error." + code); ok {
		return text
	}
	if k := fault.KindOf(err); k != 0 {
		if text, ok := w.Text("kind." + strings.ReplaceAll(k.Error(), " ", "_")); ok {
			return text
		}
	}
	return w.texts["unknown"]
}

// invalid lists what is wrong with each field.
func (w *Words) invalid(e *fault.InvalidError) string {
	all := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		all[i], _ = w.Text("problem.field", w.Field(p.Field), w.Problem(p))
	}
	return w.texts["error."+e.Code()] + strings.Join(all, w.texts["problem.join"]) + w.texts["problem.end"]
}

// Problem returns what is wrong with a field, without the field: what a form shows
// beside it.
func (w *Words) Problem(p fault.Problem) string {
	if form, figures := figuresOf(p.Detail); form != "" {
		if text, ok := w.Text("problem."+p.Reason+"."+form, figures...); ok {
			return text
		}
	}
	return w.name("problem", p.Reason)
}

// Field returns the label of a field of a form, by its path in a fault.Problem;
// the path itself if nothing is said of it. A catalogue names it without indices:
// "field.contacts.kind" is the label of "contacts[2].kind". Without it the labels of
// "contacts" and "kind" together are, if both are there.
func (w *Words) Field(path string) string {
	plain := index.ReplaceAllString(path, "")
	if text, ok := w.Text("field." + plain); ok {
		return text
	}
	within, of, _ := strings.Cut(plain, ".")
	whole, ok := w.Text("field." + within)
	part, known := w.Text("field." + of)
	if text, said := w.Text("at.field", whole, part); ok && known && said {
		return text
	}
	return path
}

var index = regexp.MustCompile(`\[[^\]]*\]`)

// forms are how details tell limits: the package that finds the problem writes
// them in English for logs, and the figures in them hold for every language.
var forms = []struct {
	form string
	text *regexp.Regexp
}{
	{"characters", regexp.MustCompile(`^want at (?:most|least) (\d+) characters, got (\d+)$`)},
	{"bytes", regexp.MustCompile(`^(?:want )?at most (\d+) bytes, got (\d+)$`)},
	{"items", regexp.MustCompile(`^want at most (\d+), got (\d+)$`)},
	{"range", regexp.MustCompile(`^want (\d+) to (\d+), got (-?\d+)$`)},
}

// figuresOf finds the figures of a detail.
func figuresOf(detail string) (form string, figures []any) {
	for _, f := range forms {
		found := f.text.FindStringSubmatch(detail)
		if found == nil {
			continue
		}
		for _, s := range found[1:] {
			n, err := strconv.Atoi(s)
			if err != nil {
				return "", nil
			}
			figures = append(figures, n)
		}
		return f.form, figures
	}
	return "", nil
}
