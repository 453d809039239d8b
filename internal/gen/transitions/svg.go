package main

import (
	"bytes"
	"fmt"
	"math"
	"slices"

	"github.com/superapp-go/superapp/miniprogram"
)

// Sizes of the picture, in pixels.
const (
	boxWidth, boxHeight = 118, 32
	column, row         = 194, 84
	margin              = 24
)

// A point is a place in the picture.
type point struct{ x, y float64 }

// places are where the statuses stand, in columns and rows.
var places = map[miniprogram.VersionStatus]point{
	miniprogram.VersionNew: {0, 2}, miniprogram.UnderReview: {1, 2}, miniprogram.VersionApproved: {2, 2},
	miniprogram.PilotTesting: {3, 2}, miniprogram.Grayscale: {4, 2}, miniprogram.Released: {5, 2},
	miniprogram.VersionRejected: {1, 3.5}, miniprogram.Canceled: {3, 3.6},
	miniprogram.RolledBack: {6.1, 1}, miniprogram.Superseded: {6.1, 3.1}, miniprogram.VersionOffline: {5, 4.2},
}

// bends are how far, in pixels, lines leave the straight way to their right; 0 is
// straight, but for two that lead to and fro.
var bends = map[[2]miniprogram.VersionStatus]float64{
	{miniprogram.VersionApproved, miniprogram.VersionNew}: 90,
	{miniprogram.VersionApproved, miniprogram.Grayscale}:  -80,
	{miniprogram.VersionApproved, miniprogram.Released}:   -150,
	{miniprogram.PilotTesting, miniprogram.Released}:      -80,
	{miniprogram.Canceled, miniprogram.UnderReview}:       10,
	{miniprogram.VersionApproved, miniprogram.Canceled}:   -14,
	{miniprogram.Grayscale, miniprogram.Canceled}:         14,
	{miniprogram.VersionNew, miniprogram.UnderReview}:     -30,
	{miniprogram.UnderReview, miniprogram.VersionNew}:     -36,
	{miniprogram.VersionOffline, miniprogram.UnderReview}: -140,
	{miniprogram.Released, miniprogram.VersionOffline}:    -8,
	{miniprogram.VersionOffline, miniprogram.Released}:    -52,
	{miniprogram.VersionOffline, miniprogram.Superseded}:  20,
}

const style = `text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; text-anchor: middle }
.move { font-size: 11px; paint-order: stroke; stroke-width: 4; stroke-linejoin: round }
.line { fill: none; stroke-width: 1.3 } .effect { stroke-dasharray: 4 3 }
`

// colours are those of light and of dark pages.
const colours = `text { fill: %s } .page { fill: %s } .move { stroke: %[2]s; fill: %[3]s } .line { stroke: %[3]s } .head { fill: %[3]s }
.box { fill: %[4]s; stroke: %[5]s } .live { stroke: %[6]s; stroke-width: 2 }
`

// draw returns the picture, or an error for a status that has no place in it.
func draw(all []miniprogram.Transition) ([]byte, error) {
	size := point{}
	for _, t := range all {
		for _, s := range []miniprogram.VersionStatus{t.From, t.To} {
			at, ok := places[s]
			if !ok {
				return nil, fmt.Errorf("%s has no place in the picture: give it one in places", s)
			}
			size.x, size.y = max(size.x, at.x), max(size.y, at.y)
		}
	}
	w, h := int(size.x*column)+boxWidth+2*margin, int(size.y*row)+boxHeight+2*margin+row/2
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%[1]d" height="%[2]d" role="img">`+"\n", w, h)
	b.WriteString("<title>The statuses of a version, and the moves between them</title>\n<style>\n" + style)
	fmt.Fprintf(&b, colours, "#1f2328", "#ffffff", "#57606a", "#f6f8fa", "#d0d7de", "#1a7f37")
	b.WriteString("@media (prefers-color-scheme: dark) {\n")
	fmt.Fprintf(&b, colours, "#e6edf3", "#0d1117", "#8d96a0", "#161b22", "#30363d", "#3fb950")
	fmt.Fprintf(&b, "}\n</style>\n"+`<rect class="page" width="%d" height="%d"/>`+"\n", w, h)

	var labels bytes.Buffer
	for i, t := range all {
		same := func(x miniprogram.Transition) bool { return x.From == t.From && x.To == t.To }
		if slices.IndexFunc(all, same) == i {
			line(&b, &labels, all, t, same)
		}
	}
	b.Write(labels.Bytes())
	for _, s := range statuses(all) {
		at, class := centre(s), "box"
		switch s {
		case miniprogram.PilotTesting, miniprogram.Grayscale, miniprogram.Released:
			class += " live"
		}
		fmt.Fprintf(&b, `<rect class="%s" x="%.0f" y="%.0f" width="%d" height="%d" rx="6"/><text x="%.0f" y="%.0f">%s</text>`+"\n",
			class, at.x-boxWidth/2, at.y-boxHeight/2, boxWidth, boxHeight, at.x, at.y+4, words(s))
	}
	fmt.Fprintf(&b, `<text class="move" style="text-anchor: start" x="%d" y="%d">green: users get it; dashed: by what is done to something else</text>`+"\n</svg>\n",
		margin, h-margin/2)
	return b.Bytes(), nil
}

// statuses returns those of the table, each once, in its order.
func statuses(all []miniprogram.Transition) (each []miniprogram.VersionStatus) {
	for _, t := range all {
		if !slices.Contains(each, t.From) {
			each = append(each, t.From)
		}
	}
	return each
}

// line draws the line of all moves from one status to another, with their names.
func line(b, labels *bytes.Buffer, all []miniprogram.Transition, t miniprogram.Transition, same func(miniprogram.Transition) bool) {
	from, to := centre(t.From), centre(t.To)
	class := " effect"
	var names []string
	for _, x := range all {
		if same(x) {
			names = append(names, words(x.Move))
			if x.Move.Right() != 0 {
				class = ""
			}
		}
	}
	var path string
	var middle point
	if t.From == t.To {
		path = fmt.Sprintf("M%.1f %.1fc-30 -44 30 -44 8 -4", from.x-4, from.y-boxHeight/2)
		middle = point{from.x, from.y - boxHeight/2 - 38}
	} else {
		bend := bends[[2]miniprogram.VersionStatus{t.From, t.To}]
		if bend == 0 && slices.ContainsFunc(all, func(x miniprogram.Transition) bool { return x.From == t.To && x.To == t.From }) {
			bend = -26
		}
		dx, dy := to.x-from.x, to.y-from.y
		length := math.Hypot(dx, dy)
		bow := point{(from.x+to.x)/2 - dy/length*bend*2, (from.y+to.y)/2 + dx/length*bend*2}
		start, end := edge(from, bow, 2), edge(to, bow, 7)
		path = fmt.Sprintf("M%.1f %.1fQ%.1f %.1f %.1f %.1f", start.x, start.y, bow.x, bow.y, end.x, end.y)
		middle = point{(start.x + 2*bow.x + end.x) / 4, (start.y + 2*bow.y + end.y) / 4}
		tip, angle := edge(to, bow, 1), math.Atan2(to.y-bow.y, to.x-bow.x)*180/math.Pi
		fmt.Fprintf(b, `<path class="head" d="M0 0l-8 -4v8z" transform="translate(%.1f %.1f) rotate(%.1f)"/>`+"\n", tip.x, tip.y, angle)
	}
	fmt.Fprintf(b, `<path class="line%s" d="%s"/>`+"\n", class, path)
	for i, name := range names {
		fmt.Fprintf(labels, `<text class="move" x="%.0f" y="%.0f">%s</text>`+"\n", middle.x, middle.y+4+13*float64(i)-6.5*float64(len(names)-1), name)
	}
}

// centre returns the middle of a status's box.
func centre(s miniprogram.VersionStatus) point {
	at := places[s]
	return point{margin + boxWidth/2 + at.x*column, margin + boxHeight/2 + at.y*row}
}

// edge returns where the way from the middle of a box to a point leaves it, so
// many pixels outside.
func edge(middle, towards point, outside float64) point {
	dx, dy := towards.x-middle.x, towards.y-middle.y
	scale := min((boxWidth/2+outside)/math.Abs(dx), (boxHeight/2+outside)/math.Abs(dy))
	return point{middle.x + dx*scale, middle.y + dy*scale}
}
