package miniprogram

// A Gap is something that a mini program lacks before a version of it may be
// submitted (P1, V3).
type Gap struct {
	// Field is what is missing: "tagline", "description", "keywords", "category",
	// "regions", "contacts", "logo" or "entrance".
	Field string `json:"field"`
	// Language is the one in which it is missing; "" for what is said in none.
	Language string `json:"language,omitempty"`
}

// String names the field, and the language.
func (g Gap) String() string {
	if g.Language == "" {
		return g.Field
	}
	return g.Field + " in " + g.Language
}

// Missing lists what is to be filled in before the first submission: first what
// is said in no language, then that of each language, in the order of their
// tags. Nil means that nothing is. What is there was within its limits when it
// was given.
func (d Dossier) Missing() []Gap {
	var gaps []Gap
	need := func(missing bool, field, language string) {
		if missing {
			gaps = append(gaps, Gap{field, language})
		}
	}
	f := d.Profile
	need(f.Category == "", "category", "")
	need(len(f.Regions) == 0, "regions", "")
	need(len(f.Contacts) == 0, "contacts", "")
	need(f.Logo.Size == 0, "logo", "")
	need(d.MiniProgram.Type == H5 && f.Entrance == "", "entrance", "")
	for _, i := range d.Information {
		need(i.Tagline == "", "tagline", i.Language)
		need(i.Description == "", "description", i.Language)
		need(len(i.Keywords) == 0, "keywords", i.Language)
	}
	return gaps
}
