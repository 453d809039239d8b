package qrcode

import (
	"context"
	"fmt"
	"io"
	"iter"
	"math"

	"github.com/superapp-go/superapp/fault"
)

// Lengths on paper.
const (
	pointsPerMM = 72 / 25.4
	a4Width     = 210 * pointsPerMM
	a4Height    = 297 * pointsPerMM
	// minModule is the least width of a printed module in millimetres: what phones
	// read at the distance of a hand.
	minModule = 0.25
)

// A Sheet says how codes lie on pages of A4, upright. A nil *Sheet is the default.
type Sheet struct {
	// Columns and Rows are how many codes lie beside and below each other, at most 20
	// and 30. Default: 3 and 4.
	Columns, Rows int
	// Margin is what is left free at the edges of the page, Gap what is left free
	// between codes, beside their quiet zones. Both are in millimetres, at most 50.
	// Default: 10 and 5; a negative one stands for 0.
	Margin, Gap float64
	// Style is that of each code; its size counts for nothing, for codes fill their
	// cells. Default: the default style.
	Style *Style
	// Caption returns what stands below a code, "" for nothing. Default: the style's
	// caption, or else the name of the code; a name with letters that the style's font
	// lacks, such as Chinese ones without [Style.Font], is refused.
	Caption func(Code) string
}

// WriteSheet draws codes on pages of A4, as many as are needed, as one PDF file. It
// hands each page to w when it is full, so that memory does not grow with the
// number of codes.
//
// A sheet ends early when ctx is done, when the sequence yields an error, or when w
// fails; the error wraps that of what failed. An *[fault.InvalidError] tells what is
// wrong with the sheet, with a code ("codes[17].caption"), or that there is none; also
// if a module would be printed less than 0.25 mm wide. What was written by then is no
// file.
func WriteSheet(ctx context.Context, w io.Writer, codes iter.Seq2[Code, error], s *Sheet) (err error) {
	defer fault.Wrap(&err, "qrcode: write sheet")
	sheet, err := s.prepared()
	if err != nil {
		return err
	}
	f := newPDF()
	n := 0
	for c, err := range codes {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err != nil {
			return err
		}
		if place := n % (sheet.Columns * sheet.Rows); n > 0 && place == 0 {
			f.endPage(a4Width, a4Height)
			if err := f.handOut(w); err != nil {
				return err
			}
		}
		if err := sheet.draw(f, c, n); err != nil {
			return fault.Under(fmt.Sprintf("codes[%d]", n), err)
		}
		n++
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if n == 0 {
		return fault.Invalid("codes", "required", "want at least one code for a sheet")
	}
	f.endPage(a4Width, a4Height)
	f.end()
	return f.handOut(w)
}

// handOut hands to w what is finished.
func (f *pdfFile) handOut(w io.Writer) error {
	err := writeAll(w, f.out)
	f.gone += len(f.out)
	f.out = f.out[:0]
	return err
}

// prepared returns the sheet with its defaults filled in.
func (s *Sheet) prepared() (Sheet, error) {
	var t Sheet
	if s != nil {
		t = *s
	}
	var p fault.Problems
	count := func(field string, n *int, otherwise, most int) {
		if *n == 0 {
			*n = otherwise
		}
		if *n < 1 || *n > most {
			p.Add(field, "not_allowed", fmt.Sprintf("1 to %d, got %d", most, *n))
		}
	}
	count("columns", &t.Columns, 3, 20)
	count("rows", &t.Rows, 4, 30)
	length := func(field string, mm *float64, otherwise float64) {
		switch {
		case *mm == 0:
			*mm = otherwise
		case *mm < 0:
			*mm = 0
		case math.IsNaN(*mm) || *mm > 50:
			p.Add(field, "not_allowed", fmt.Sprintf("at most 50 mm, got %g", *mm))
		}
	}
	length("margin", &t.Margin, 10)
	length("gap", &t.Gap, 5)
	if t.Style == nil {
		t.Style = &Style{}
	}
	if t.Caption == nil {
		t.Caption = func(c Code) string {
			if t.Style.Caption != "" {
				return t.Style.Caption
			}
			return c.Name
		}
	}
	return t, p.Err()
}

// draw draws the n-th code into its cell, at the top of it and in the middle.
func (s *Sheet) draw(f *pdfFile, c Code, n int) error {
	style := s.Style.sized()
	style.Caption = s.Caption(c)
	l, err := c.lay(style)
	if err != nil {
		return err
	}
	margin, gap := s.Margin*pointsPerMM, s.Gap*pointsPerMM
	across, down := float64(s.Columns), float64(s.Rows)
	w, h := (a4Width-2*margin-(across-1)*gap)/across, (a4Height-2*margin-(down-1)*gap)/down
	scale := min(w/float64(l.side), h/float64(l.height))
	if mm := scale * float64(l.scale) / pointsPerMM; mm < minModule {
		return fault.Invalid("sheet", "not_allowed", fmt.Sprintf(
			"a module would be %.2f mm wide, want at least %.2f mm: choose fewer columns or rows, or a shorter link",
			math.Floor(max(mm, 0)*100)/100, minModule))
	}
	column, row := n%s.Columns, n/s.Columns%s.Rows
	x := margin + float64(column)*(w+gap) + (w-scale*float64(l.side))/2
	y := a4Height - margin - float64(row)*(h+gap)
	f.draw(&l, scale, x, y)
	return nil
}
