// RFC 6962 trees: the public vectors of the Certificate Transparency project (SHA-256), and every tree of up
// to 300 leaves against the recursive definitions of the RFC.
#include "journal/merkle.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <map>

#include "journal/tiles.h"

using namespace mingxin;
using namespace mingxin::journal;

namespace {

constexpr auto kSha = crypto::Hash::sha256;

Digest hex(std::string_view text) {
    return digest_from_hex(text).value();
}

// The definition of RFC 6962 2.1, written as the text has it.
Digest tree_hash(std::span<const Digest> leaves) {
    if (leaves.empty()) return crypto::digest(BytesView());
    if (leaves.size() == 1) return leaves[0];
    std::size_t k = 1;
    while (k * 2 < leaves.size()) k *= 2;
    return node_hash(tree_hash(leaves.first(k)), tree_hash(leaves.subspan(k)));
}

std::vector<Digest> path_of(std::size_t index, std::span<const Digest> leaves) {
    if (leaves.size() == 1) return {};
    std::size_t k = 1;
    while (k * 2 < leaves.size()) k *= 2;
    auto path = index < k ? path_of(index, leaves.first(k)) : path_of(index - k, leaves.subspan(k));
    path.push_back(tree_hash(index < k ? leaves.subspan(k) : leaves.first(k)));
    return path;
}

std::vector<Digest> proof_of(std::size_t old_size, std::span<const Digest> leaves, bool whole) {
    if (old_size == leaves.size()) {
        if (whole) return {};
        return {tree_hash(leaves)};
    }
    std::size_t k = 1;
    while (k * 2 < leaves.size()) k *= 2;
    auto proof = old_size <= k ? proof_of(old_size, leaves.first(k), whole)
                               : proof_of(old_size - k, leaves.subspan(k), false);
    proof.push_back(tree_hash(old_size <= k ? leaves.subspan(k) : leaves.first(k)));
    return proof;
}

std::vector<Digest> some_leaves(std::size_t count, int salt = 0) {
    std::vector<Digest> leaves;
    for (std::size_t i = 0; i < count; ++i) {
        leaves.push_back(leaf_hash(as_bytes(std::to_string(salt) + ":" + std::to_string(i))));
    }
    return leaves;
}

// Tiles kept in memory.
struct Shelf {
    std::map<std::pair<int, std::int64_t>, std::vector<Digest>> tiles;

    TileSink sink() {
        return [this](int level, std::int64_t position, std::span<const Digest> hashes) -> Result<void> {
            tiles[{level, position}].assign(hashes.begin(), hashes.end());
            return {};
        };
    }
    TileSource source() {
        return [this](int level, std::int64_t position) -> Result<std::vector<Digest>> {
            const auto found = tiles.find({level, position});
            return found == tiles.end() ? std::vector<Digest>{} : found->second;
        };
    }
};

}  // namespace

TEST_CASE("RFC 6962 public vectors, SHA-256") {
    const char* inputs[] = {
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
    const char* roots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                           "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                           "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                           "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                           "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                           "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                           "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                           "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    Frontier frontier(kSha);
    CHECK_EQ(to_hex(frontier.root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    std::vector<Digest> leaves;
    for (int i = 0; i < 8; ++i) {
        leaves.push_back(leaf_hash(from_hex(inputs[i]).value(), kSha));
        frontier.add(leaves.back());
        CHECK_EQ(to_hex(frontier.root()), roots[i]);
        CHECK_EQ(frontier.size(), i + 1);
    }
    SUBCASE("audit paths") {
        const std::vector<Digest> first = {
            hex("96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"),
            hex("5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"),
            hex("6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")};
        CHECK_EQ(root_from_inclusion(0, 8, leaves[0], first, kSha).value(), frontier.root());
        const std::vector<Digest> sixth = {
            hex("bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"),
            hex("ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"),
            hex("d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")};
        CHECK_EQ(root_from_inclusion(5, 8, leaves[5], sixth, kSha).value(), frontier.root());
        const std::vector<Digest> third_of_3 = {
            hex("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")};
        CHECK_EQ(to_hex(root_from_inclusion(2, 3, leaves[2], third_of_3, kSha).value()), roots[2]);
    }
    SUBCASE("consistency proofs") {
        const std::vector<Digest> from_1 = {
            hex("96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"),
            hex("5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"),
            hex("6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")};
        CHECK(verify_consistency(1, 8, hex(roots[0]), hex(roots[7]), from_1, kSha));
        const std::vector<Digest> from_6 = {
            hex("0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"),
            hex("ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"),
            hex("d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")};
        CHECK(verify_consistency(6, 8, hex(roots[5]), hex(roots[7]), from_6, kSha));
        const std::vector<Digest> from_2_to_5 = {
            hex("5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"),
            hex("bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b")};
        CHECK(verify_consistency(2, 5, hex(roots[1]), hex(roots[4]), from_2_to_5, kSha));
        CHECK(!verify_consistency(3, 5, hex(roots[2]), hex(roots[4]), from_2_to_5, kSha));
    }
}

TEST_CASE("the empty and the one-leaf tree, wrong lengths and places") {
    CHECK_EQ(Frontier().root(), crypto::digest(""));
    const auto leaves = some_leaves(3);
    const std::vector<Digest> none;
    CHECK_EQ(root_from_inclusion(0, 1, leaves[0], none).value(), leaves[0]);
    CHECK(!root_from_inclusion(0, 1, leaves[0], std::span(leaves).first(1)));
    CHECK(!root_from_inclusion(0, 0, leaves[0], none));
    CHECK(!root_from_inclusion(-1, 3, leaves[0], none));
    CHECK(!root_from_inclusion(3, 3, leaves[0], none));
    CHECK(!root_from_inclusion(0, 3, leaves[0], std::span(leaves).first(1)));
    CHECK(verify_consistency(0, 3, crypto::digest(""), tree_hash(leaves), none));
    CHECK(!verify_consistency(0, 3, leaves[0], tree_hash(leaves), none));
    CHECK(!verify_consistency(3, 2, leaves[0], leaves[0], none));
    CHECK(!verify_consistency(-1, 2, leaves[0], leaves[0], none));
    CHECK(verify_consistency(3, 3, leaves[0], leaves[0], none));
    CHECK(!verify_consistency(3, 3, leaves[0], leaves[1], none));
    CHECK(!verify_consistency(3, 3, leaves[0], leaves[0], leaves));
}

TEST_CASE("every inclusion path of every tree up to 300 leaves, and no changed one") {
    const auto leaves = some_leaves(300);
    Shelf shelf;
    TileBuilder builder(shelf.sink());
    for (std::size_t size = 1; size <= leaves.size(); ++size) {
        REQUIRE(builder.add(std::span(leaves).subspan(size - 1, 1)).ok());
        REQUIRE(builder.flush().ok());
        const Digest root = tree_hash(std::span(leaves).first(size));
        REQUIRE_EQ(builder.root(), root);
        TileReader reader(shelf.source());
        REQUIRE_EQ(reader.root(size).value(), root);
        for (std::size_t index = 0; index < size; ++index) {
            auto path = reader.inclusion(index, size).value();
            REQUIRE_EQ(root_from_inclusion(index, size, leaves[index], path).value(), root);
            if (size % 37 != 0) continue;
            REQUIRE_EQ(path, path_of(index, std::span(leaves).first(size)));
            REQUIRE(root_from_inclusion(index, size, leaves[(index + 1) % 300], path) != root);
            REQUIRE(root_from_inclusion((index + 1) % size, size, leaves[index], path) != root);
            path.push_back(root);
            REQUIRE(!root_from_inclusion(index, size, leaves[index], path));
        }
    }
}

TEST_CASE("every consistency proof between trees up to 300 leaves") {
    const auto leaves = some_leaves(300);
    Shelf shelf;
    TileBuilder builder(shelf.sink());
    REQUIRE(builder.add(leaves).ok());
    REQUIRE(builder.flush().ok());
    TileReader reader(shelf.source());
    std::vector<Digest> roots;
    Frontier frontier;
    for (const auto& leaf : leaves) {
        frontier.add(leaf);
        roots.push_back(frontier.root());
    }
    for (std::size_t now = 1; now <= leaves.size(); ++now) {
        for (std::size_t old = 1; old <= now; ++old) {
            const auto path = reader.consistency(old, now).value();
            REQUIRE(verify_consistency(old, now, roots[old - 1], roots[now - 1], path));
            if (now % 41 == 0) REQUIRE_EQ(path, proof_of(old, std::span(leaves).first(now), true));
            if (now % 41 == 0 && old < now) {
                REQUIRE(!verify_consistency(old, now, roots[now - 1], roots[now - 1], path));
                REQUIRE(!verify_consistency(old, now, roots[old - 1], roots[old - 1], path));
                REQUIRE(!verify_consistency(old, now, roots[old - 1], roots[now - 1], leaves));
            }
        }
    }
}

TEST_CASE("tiles: any order of adding gives the same tiles, root and proofs, across three levels") {
    CHECK(rc::check("tiles do not depend on how leaves were added", [] {
        const auto count = *rc::gen::inRange<std::size_t>(1, 1500);
        const auto leaves = some_leaves(count, *rc::gen::inRange(0, 1000));
        Shelf once, pieces;
        TileBuilder whole(once.sink());
        RC_ASSERT(whole.add(leaves).ok() && whole.flush().ok());
        for (std::size_t done = 0; done < count;) {
            const auto part = std::min(count - done, *rc::gen::inRange<std::size_t>(1, 400));
            auto builder = TileBuilder::resume(done, pieces.source(), pieces.sink()).value();
            RC_ASSERT(builder.add(std::span(leaves).subspan(done, part)).ok() && builder.flush().ok());
            done += part;
            RC_ASSERT(builder.size() == static_cast<std::int64_t>(done));
        }
        RC_ASSERT(once.tiles == pieces.tiles);
        Frontier frontier;
        for (const auto& leaf : leaves) frontier.add(leaf);
        RC_ASSERT(whole.root() == frontier.root());
        TileReader reader(once.source());
        RC_ASSERT(reader.root(count).value() == frontier.root());
        const auto index = *rc::gen::inRange<std::size_t>(0, count);
        const auto path = reader.inclusion(index, count).value();
        RC_ASSERT(root_from_inclusion(index, count, leaves[index], path) == frontier.root());
        RC_ASSERT(reader.leaf(index).value() == leaves[index]);
    }));
    const auto leaves = some_leaves(70'000);
    Shelf shelf;
    TileBuilder builder(shelf.sink());
    REQUIRE(builder.add(leaves).ok());
    REQUIRE(builder.flush().ok());
    CHECK_EQ(shelf.tiles.size(), 274 + 2 + 1);
    const Digest root = tree_hash(leaves);
    CHECK_EQ(builder.root(), root);
    for (std::int64_t index : {0, 255, 256, 65535, 65536, 69999}) {
        TileReader reader(shelf.source());
        CHECK_EQ(root_from_inclusion(index, 70'000, leaves[index], reader.inclusion(index, 70'000).value())
                     .value(),
                 root);
    }
    shelf.tiles.erase({0, 17});
    TileReader reader(shelf.source());
    CHECK(reader.inclusion(17 * 256, 70'000).error().fault == Fault::journal_damaged);
    CHECK(reader.inclusion(3, 70'000).ok());
    shelf.tiles[{1, 1}].resize(3);
    CHECK(TileBuilder::resume(70'000, shelf.source(), shelf.sink()).error().fault == Fault::journal_damaged);
}
