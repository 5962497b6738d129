# dokku postgres:exists

load helper

@test "exists: words that can be no name are exit 2, a service that is not there is exit 1" {
    local name
    unchanged dokku postgres:exists
    [ "$status" -eq 2 ]
    says 'Please specify a valid name for the service'
    for name in '../x' 'a;b' $'two\nlines' '' 'a/b' '.'; do
        unchanged dokku postgres:exists "$name"
        [ "$status" -eq 2 ]
    done
    unchanged dokku postgres:exists "gone-$id"
    [ "$status" -eq 1 ]
    says "Postgres service gone-$id does not exist"
    unchanged dokku postgres:exists "gone-$id" --no-such-flag
    [ "$status" -eq 2 ]
}

@test "exists: a service, running or not, and not its neighbour by name" {
    make_service "foo-$id"
    expect_code 0 dokku postgres:exists "foo-$id"
    says "Service foo-$id exists"
    expect_code 1 dokku postgres:exists "foo.$id"
    expect_code 1 dokku postgres:exists "fo-$id"
    dokku postgres:stop "foo-$id"
    expect_code 0 dokku postgres:exists "foo-$id"
}
