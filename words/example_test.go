package words_test

import (
	"fmt"

	"golang.org/x/text/language"

	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/words"
)

func Example() {
	reader, _, _ := language.ParseAcceptLanguage("zh-CN,zh;q=0.9,en;q=0.8")
	w := words.For(reader...)
	fmt.Println(w.Role(rbac.DeveloperAdmin), w.MemberStatus(member.StatusExpired))
	fmt.Println(w.Error(fmt.Errorf("member: delete: %w", member.ErrLastAdmin)))
	// Output:
	// 开发者管理员 邀请已过期
	// 空间至少需保留一位有效的管理员，请先将其他成员设为管理员。
}

func ExampleCatalogue_With() {
	c, err := words.BuiltIn().With(language.French, map[string]string{"role.developer": "Développeur"})
	if err != nil {
		fmt.Println(err)
		return
	}
	w := c.For(language.MustParse("fr-CH"))
	fmt.Println(w.Role(rbac.Developer), "/", w.Role(rbac.Operator))
	// Output: Développeur / Operator
}
