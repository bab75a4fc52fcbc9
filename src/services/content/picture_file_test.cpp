#include "content/picture_file.h"

#include "content/testing/newsroom.h"

using namespace mingxin;
using namespace mingxin::content;
using namespace mingxin::content::test;

namespace {

std::string segment(char marker, const std::string& content) {
    const std::size_t length = content.size() + 2;
    return std::string{'\xFF', marker, static_cast<char>(length >> 8), static_cast<char>(length & 0xFF)} +
           content;
}

/// Not one that draws, but one of the right form: header, metadata, frame, scan.
std::string jpeg(int width, int height, const std::string& more) {
    const std::string frame = std::string("\x08", 1) +
                              std::string{static_cast<char>(height >> 8), static_cast<char>(height & 0xFF),
                                          static_cast<char>(width >> 8), static_cast<char>(width & 0xFF)} +
                              std::string("\x01\x01\x11\x00", 4);
    return "\xFF\xD8" + segment('\xE0', std::string("JFIF\0\x01\x01\x00\x00\x01\x00\x01\x00\x00", 14)) +
           more + segment('\xC0', frame) + segment('\xDA', std::string("\x01\x01\x00\x00\x3F\x00", 6)) +
           std::string("\x12\xFF\x00\x34\xFF\xD0\x56", 7) + "\xFF\xD9";
}

}  // namespace

TEST_CASE("pictures keep what draws them and lose what tells of people and places") {
    const PictureFile plain = must(clean_picture(png(4, 3)));
    CHECK(plain.type == "image/png");
    CHECK(plain.width == 4);
    CHECK(plain.height == 3);
    CHECK(plain.bytes == png(4, 3));
    const std::string told = chunk("tEXt", "Author\0Zhang San") + chunk("eXIf", "GPS 33.7") +
                             chunk("iCCP", "x") + chunk("tIME", "1234567");
    CHECK(must(clean_picture(png(4, 3, told) + "behind the end")).bytes == png(4, 3));
    const std::string exif = segment('\xE1', std::string("Exif\0\0GPS 33.7", 14)) +
                             segment('\xFE', "comment") + segment('\xED', "Photoshop") +
                             segment('\xE2', "ICC_PROFILE");
    const PictureFile photo = must(clean_picture(jpeg(640, 480, exif) + "behind the end"));
    CHECK(photo.type == "image/jpeg");
    CHECK(photo.width == 640);
    CHECK(photo.height == 480);
    CHECK(photo.bytes == jpeg(640, 480, ""));
}

TEST_CASE("what is no picture, is damaged or too large is refused") {
    const auto fault = [](const std::string& file) { return fault_of(clean_picture(file)); };
    CHECK(fault("") == Fault::picture_unusable);
    CHECK(fault("<svg xmlns='http://www.w3.org/2000/svg'/>") == Fault::picture_unusable);
    CHECK(fault("GIF89a") == Fault::picture_unusable);
    std::string spoilt = png(4, 3);
    spoilt[spoilt.size() - 20] ^= 1;
    CHECK(fault(spoilt) == Fault::picture_unusable);
    CHECK(fault(png(4, 3, chunk("acTL", "12345678"))) == Fault::picture_unusable);
    CHECK(fault(png(4, 3).substr(0, 60)) == Fault::picture_unusable);
    CHECK(fault(png(8001, 1)) == Fault::picture_too_large);
    CHECK(fault(jpeg(9000, 10, "")) == Fault::picture_too_large);
    CHECK(fault(std::string(kPictureMost_bytes + 1, 'x')) == Fault::picture_too_large);
    const std::string whole = jpeg(640, 480, "");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CHECK(fault(whole.substr(0, size)) == Fault::picture_unusable);
    }
    const std::string lines = png(5, 5);
    for (std::size_t size = 0; size < lines.size(); ++size) {
        CHECK(fault(lines.substr(0, size)) == Fault::picture_unusable);
    }
}

TEST_CASE("a picture is public while something public holds it; the same one is kept once") {
    in_newsroom([](Newsroom& room) {
        const api::Principal who = person("wang");
        const auto add = [&](const std::string& file, const std::string& alt) {
            return room.write<Picture>([&](store::Tx& tx) {
                return add_picture(tx, room.desk, {who, kNow}, file, alt, "");
            });
        };
        const Picture picture = must(add(png(4, 3), "现场"));
        CHECK(must(add(png(4, 3, chunk("tEXt", "x")), "又一次")).id == picture.id);
        CHECK(fault_of(add(png(4, 3), " ")) == Fault::content_malformed);
        CHECK(fault_of(add(png(4, 2), "身份证410423199003071001")) == Fault::content_rejected);
        const auto data = [&](bool public_only, Instant now) {
            auto tx = must(room.database().read());
            return must(picture_data(tx, picture.digest, public_only, now));
        };
        CHECK(data(false, kNow)->bytes == png(4, 3));
        CHECK_FALSE(data(true, kNow));
        Text with = text();
        with.body += "\n\n![现场](picture:" + picture.digest + ")";
        const Done done = room.publish(with);
        CHECK(data(true, kNow)->type == "image/png");
        {
            auto tx = must(room.database().read());
            CHECK(must(pictures(tx, INT64_MAX, 10, kNow)).front().shown);
            CHECK(room.seen(done.id)->html.find("/pictures/" + picture.digest) != std::string::npos);
        }
        must(room.withdraw("zhao", done.id, "撤回", later_h(1)));
        CHECK_FALSE(data(true, later_h(1)));
    });
}
