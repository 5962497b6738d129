// Database URLs: printed and parsed again they are the same, and a mask hides the password.
#include "service/url.h"

#include "fuzz.h"

namespace {

bool same(const service::Url& left, const service::Url& right) {
    return left.scheme == right.scheme && left.user == right.user &&
           left.password == right.password && left.host == right.host && left.port == right.port &&
           left.database == right.database && left.querystring == right.querystring;
}

void hold_for(const service::Url& url) {
    const auto again = service::parse_url(service::to_string(url));
    fuzz::hold(again && same(*again, url), "a printed URL is the same URL");
    auto other = url;
    other.password += "further";
    fuzz::hold(url.password.empty() || service::masked(url) == service::masked(other),
               "the mask does not depend on the password");
}

// A URL of ours: every part but the query string is any bytes.
void make(std::string_view bytes) {
    const auto parts = fuzz::parts(bytes, '\0');
    if (parts.size() != 6 || parts[2].empty()) return;
    service::Url url{.scheme = parts[4],
                     .user = parts[0],
                     .password = parts[1],
                     .host = parts[2],
                     .port = "5432",
                     .database = parts[3],
                     .querystring = parts[5]};
    const bool fits = fuzz::refusal([&] {
                          service::check_scheme(url.scheme);
                          service::check_querystring(url.querystring);
                      }).empty();
    if (!fits) return;
    hold_for(url);
    const std::string text = service::to_string(url);
    fuzz::hold(text.find_first_of(" \t\r\n\"'`\\<>#") == text.find_first_of("\"'`\\<>"),
               "a URL of ours holds no white space");
    fuzz::hold(fuzz::is_drawable(text), "a URL of ours is text");
    // the mask with a password that is nowhere else in the URL
    url.password = "p%5Fsecret/@:" + url.password;
    fuzz::hold(service::masked(url).find("secret") == std::string::npos ||
                   text.find("secret") != std::string::npos,
               "a masked URL does not hold the password");
}

}  // namespace

void attack(std::string_view bytes) {
    if (const auto url = service::parse_url(bytes)) hold_for(*url);
    make(bytes);
    const std::string text(bytes);
    if (fuzz::refusal([&] { service::check_alias(text); }).empty())
        fuzz::hold(text.find_first_of("= \n\"'$") == std::string::npos, "an alias is a name");
}
