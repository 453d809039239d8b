package miniprogram

import (
	"fmt"

	"github.com/superapp-go/superapp/fault"
)

// Limits bound what people write about a mini program. Zero fields take their
// defaults. Lengths are in characters, where a wide character, such as a Chinese
// one, counts two (P1). A limit holds for what is given from then on: what is
// stored stays as it is.
type Limits struct {
	// NameMin and NameMax bound the name, within 1 and 256. Default: 3 and 30.
	NameMin, NameMax int
	// TaglineMin and TaglineMax bound the tagline, within 1 and 256. Default: 10
	// and 30.
	TaglineMin, TaglineMax int
	// DescriptionMin and DescriptionMax bound the description, within 1 and 4,000.
	// Default: 20 and 200.
	DescriptionMin, DescriptionMax int
	// Keywords is the greatest number of keywords in a language, 1 to 100. Default:
	// 10.
	Keywords int
	// KeywordMax bounds a keyword, 1 to 64. Default: 30.
	KeywordMax int
	// Languages is the greatest number of languages, 1 to 200. Default: 50.
	Languages int
	// CategoryMax bounds the category, 1 to 128. Default: 64.
	CategoryMax int
	// Regions is the greatest number of regions, 1 to 300. Default: 300, which is
	// all that there are.
	Regions int
	// Contacts is the greatest number of customer service contacts, 1 to 50.
	// Default: 5.
	Contacts int
	// LogoBytes bounds a logo's file, 1 KiB to 1 MiB. Default: 256 KiB.
	LogoBytes int
	// LogoSide bounds a logo's width and height in pixels, 16 to 4,096. Default:
	// 1,024.
	LogoSide int
	// Domains is the greatest number of domains in each list of the configuration,
	// 1 to 1,000. Default: 200.
	Domains int
	// Testers is the greatest number of testers, 1 to 1,000. Default: 100.
	Testers int
}

// A bound is what one of the limits may be.
type bound struct {
	field                 string
	value                 *int
	standard, least, most int
}

// bounds lists every limit; a minimum goes up to its maximum as that stands.
func (l *Limits) bounds() []bound {
	return []bound{
		{"name_min", &l.NameMin, 3, 1, l.NameMax},
		{"name_max", &l.NameMax, 30, 1, 256},
		{"tagline_min", &l.TaglineMin, 10, 1, l.TaglineMax},
		{"tagline_max", &l.TaglineMax, 30, 1, 256},
		{"description_min", &l.DescriptionMin, 20, 1, l.DescriptionMax},
		{"description_max", &l.DescriptionMax, 200, 1, 4000},
		{"keywords", &l.Keywords, 10, 1, 100},
		{"keyword_max", &l.KeywordMax, 30, 1, 64},
		{"languages", &l.Languages, 50, 1, 200},
		{"category_max", &l.CategoryMax, 64, 1, 128},
		{"regions", &l.Regions, 300, 1, 300},
		{"contacts", &l.Contacts, 5, 1, 50},
		{"logo_bytes", &l.LogoBytes, 256 << 10, 1 << 10, 1 << 20},
		{"logo_side", &l.LogoSide, 1024, 16, 4096},
		{"domains", &l.Domains, 200, 1, 1000},
		{"testers", &l.Testers, 100, 1, 1000},
	}
}

// Validate returns a *fault.InvalidError unless each limit, the default taken for
// a zero, is within what its field says, and no minimum is above its maximum.
func (l Limits) Validate() error {
	l = l.withDefaults()
	var p fault.Problems
	for _, b := range l.bounds() {
		if *b.value < b.least || *b.value > b.most {
			p.Add(b.field, "not_allowed", fmt.Sprintf("want %d to %d, got %d", b.least, b.most, *b.value))
		}
	}
	return p.Err()
}

func (l Limits) withDefaults() Limits {
	for _, b := range l.bounds() {
		if *b.value == 0 {
			*b.value = b.standard
		}
	}
	return l
}
