package miniprogram

// An Information is what is said of a mini program in one language (P2).
type Information struct {
	// Language is a canonical BCP 47 tag.
	Language string
	// Name is unique in the tenant and language, compared folded; NameKey is its
	// folded form (P7).
	Name, NameKey string
	Tagline       string
	Description   string
	// Keywords are in the order in which they were given.
	Keywords []string
}

// A Profile is what is said of a mini program whatever the language, and how it
// is configured.
type Profile struct {
	Category string
	// Regions are where it is offered: ISO 3166 codes of two letters, sorted.
	Regions []string
	// Contacts are how its users reach customer service.
	Contacts []Contact
	// Entrance is the address at which an H5 mini program begins; "" for DSL.
	Entrance string
	Logo     Logo
	// Configuration is who it is to the tenant's services, and what it may reach.
	Configuration Configuration
}

// A Contact is a way to customer service.
type Contact struct {
	// Kind is "email", "phone" or "url".
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

// A Logo is what is known of a logo without its bytes; the zero value is none.
type Logo struct {
	SHA256 [32]byte
	// Format is "png" or "jpeg".
	Format string
	// Size is in bytes, Side in pixels.
	Size, Side int
}

// A Configuration is who a mini program is to the tenant's services, and what it
// may reach (P6).
type Configuration struct {
	ClientID, MerchantID string
	// Servers are the domains that it may call, WebViews those whose pages it may
	// show: see [CheckDomain]. Both are sorted.
	Servers, WebViews []string
	// Testers are the folded e-mails of those who get a version in pilot testing,
	// sorted.
	Testers []string
}
