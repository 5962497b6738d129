-- Mixed rows, the same in every run: users with texts and arrays, events with JSON, files with bytes that do not shrink.
-- `users` is the number of users; each has eight events, every fourth a file.
create table users (
    id bigint primary key,
    email text not null,
    name text not null,
    about text not null,
    tags text[] not null,
    key bytea not null,
    balance numeric(12, 2) not null,
    joined timestamptz not null
);
create table events (
    id bigint primary key,
    user_id bigint not null,
    at timestamptz not null,
    kind text not null,
    detail jsonb not null
);
create table files (
    id bigint primary key,
    user_id bigint not null,
    name text not null,
    content bytea not null
);

insert into users
select i, 'user' || i || '@' || (array['example.org', 'example.com', 'mail.example.net'])[1 + i % 3],
       initcap(translate(substr(md5('name' || i), 1, 12), '0123456789', 'aeioulmnrs')),
       (select string_agg((array['the', 'quick', 'server', 'keeps', 'every', 'row', 'that', 'somebody', 'wrote', 'into', 'it', 'and',
                                 'answers', 'at', 'once', 'when', 'asked', 'for', 'one', 'again'])
                          [1 + (hashint8(i * 64 + w) & 2147483647) % 20], ' ') from generate_series(1, 60) as w),
       array['tag' || i % 97, 'tag' || i % 31, 'group' || i % 7],
       decode(md5('a' || i) || md5('b' || i) || md5('c' || i) || md5('d' || i), 'hex'),
       (hashint8(i) % 1000000)::numeric / 100,
       timestamptz '2020-01-01 00:00:00+00' + make_interval(secs => i * 61)
from generate_series(1::bigint, :users) as i;

insert into events
select i, 1 + (hashint8(i) & 2147483647) % :users, timestamptz '2022-01-01 00:00:00+00' + make_interval(secs => i * 7),
       (array['visit', 'order', 'payment', 'login', 'message'])[1 + i % 5],
       jsonb_build_object('session', md5('s' || i / 10), 'page', '/products/' || i % 5000, 'referrer', 'https://example.org/search?q=' || i % 700,
                          'amount', (hashint8(i + 1) & 65535) / 100.0, 'items', jsonb_build_array(i % 11, i % 13, i % 17),
                          'agent', jsonb_build_object('name', 'Browser', 'version', i % 40, 'mobile', i % 3 = 0))
from generate_series(1::bigint, 8 * :users) as i;

insert into files
select i, i * 4, 'file-' || i || '.bin',
       (select string_agg(decode(md5(i || '-' || part), 'hex'), '' order by part) from generate_series(1, 256) as part)
from generate_series(1::bigint, :users / 4) as i;

alter table events add foreign key (user_id) references users;
alter table files add foreign key (user_id) references users;
create unique index on users (email);
create index on users using gin (tags);
create index on events (user_id);
create index on events (at);
create index on events (kind, at);
create index on files (user_id);
analyze;
