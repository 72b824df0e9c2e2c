package io.lb4j.config;

import static io.lb4j.config.Trees.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DraftTest {
    private static final Option<String> NAME =
            Option.of("name", OptionTypes.name(), "Name.").build();
    private static final Option<Integer> PORT = Option.of("port", OptionTypes.integer(0, 65_535), "Port.")
            .required()
            .build();
    private static final Option<String> TOKEN =
            Option.of("token", OptionTypes.string("a token"), "Token.").secret().build();
    private static final Option<List<String>> TAGS = Option.of("tags", OptionTypes.list(OptionTypes.name()), "Tags.")
            .defaultsTo(List.of())
            .build();
    private static final Option<Map<String, Integer>> WEIGHTS = Option.of(
                    "weights", OptionTypes.map("names", OptionTypes.integer(0, 9)), "Weights.")
            .build();
    private static final Option<Part> POLICY =
            Option.of("policy", OptionTypes.part("policy"), "Policy.").build();
    private static final Section DOOR = Section.of("door", "A door.")
            .namedBy(NAME)
            .options(PORT, TOKEN, TAGS, WEIGHTS, POLICY)
            .build();
    private static final Option<List<Settings>> DOORS =
            Option.of("doors", OptionTypes.sections(DOOR), "Doors.").build();
    private static final Section HOUSE =
            Section.of("house", "A house.").options(DOORS).build();

    private final Faults faults = new Faults();

    @Test
    void readsAListOfNamedSections() {
        Settings house = read(HOUSE, map("doors", List.of(map("name", "front", "port", 1), map("port", "2"))));

        assertThat(faults.all()).isEmpty();
        assertThat(house.value(DOORS)).extracting(door -> door.value(NAME)).containsExactly("front", "door-2");
        assertThat(house.value(DOORS)).extracting(door -> door.value(PORT)).containsExactly(1, 2);
    }

    @Test
    void readsAMapFromNameToSection() {
        Settings house = read(HOUSE, map("doors", map("front", map("port", 1))));

        assertThat(house.value(DOORS)).extracting(door -> door.value(NAME)).containsExactly("front");
    }

    @Test
    void readsOneValueForAListOfOne() {
        assertThat(read(DOOR, map("port", 1, "tags", "a")).value(TAGS)).containsExactly("a");
    }

    @Test
    void remembersWhereEachValueStands() {
        assertThat(read(DOOR, map("name", "front", "port", 8080)).origin(PORT))
                .isEqualTo(new Origin.Place("lb.yaml", 2, 1));
    }

    @Test
    void countsAPathInAFileFromTheFile() {
        Origin.Place place = new Origin.Place("/etc/lb4j/lb.yaml", 1, 1);

        assertThat(place.resolve(Path.of("./certs/a.pem"))).isEqualTo(Path.of("/etc/lb4j/certs/a.pem"));
        assertThat(place.resolve(Path.of("../a.pem"))).isEqualTo(Path.of("/etc/lb4j/../a.pem"));
        assertThat(place.resolve(Path.of("/a.pem"))).isEqualTo(Path.of("/a.pem"));
        assertThat(new Origin.Place("lb.yaml", 1, 1).resolve(Path.of("./a.pem")))
                .isEqualTo(Path.of("./a.pem"));
    }

    @Test
    void doesNotTakeAListWithAnElementOfTheWrongShapeForAShorterOne() {
        Settings house = read(HOUSE, map("doors", map("front", "open")));

        assertThat(house.isFaulty(DOORS)).isTrue();
        assertThat(house.find(DOORS)).isEmpty();
        assertThat(faults.all())
                .extracting(Fault::message)
                .containsExactly("doors.front: \"open\" (expected: a section \"door\")");
    }

    @Test
    void namesTheNearestOfUnknownKeys() {
        read(DOOR, map("port", 1, "tgas", "a"));

        assertThat(faults.all())
                .extracting(Fault::message)
                .containsExactly("tgas: unknown key (expected: a key of door; did you mean \"tags\"?)");
    }

    @Test
    void doesNotMissWhatIsMisspelled() {
        Settings door = read(DOOR, map("prt", 1));

        assertThat(door.isFaulty(PORT)).isTrue();
        assertThat(faults.all())
                .extracting(Fault::message)
                .containsExactly("prt: unknown key (expected: a key of door; did you mean \"port\"?)");
    }

    @Test
    void takesWhatIsSetBesideAKeyThatResemblesIt() {
        Settings door = read(DOOR, map("prt", 1, "port", 2));

        assertThat(door.isFaulty(PORT)).isFalse();
        assertThat(door.value(PORT)).isEqualTo(2);
    }

    @Test
    void reportsKeysThatStandThereTwice() {
        Origin origin = new Origin.Place("lb.yaml", 1, 1);
        Node.Entry entry = new Node.Entry("port", origin, new Node.Scalar("1", origin));
        new Draft(DOOR).read(new Node.Entries(List.of(entry, entry), origin), scope());

        assertThat(faults.all()).extracting(Fault::code).containsExactly(Fault.Code.DUPLICATE);
    }

    @Test
    void reportsWrongShapesOnceAndNotAsMissing() {
        read(DOOR, map("port", List.of(1)));

        assertThat(faults.all())
                .extracting(Fault::toString)
                .containsExactly("port: a list (expected: 0..65535) [lb.yaml:1:1]");
    }

    @Test
    void reportsASectionThatIsAText() {
        read(HOUSE, map("doors", List.of("front")));

        assertThat(faults.all())
                .extracting(Fault::message)
                .containsExactly("doors[0]: \"front\" (expected: a section \"door\")");
    }

    @Test
    void keepsSecretsOutOfFaultsAndTrees() {
        Settings door = read(DOOR, map("port", 1, "token", "hunter2"));
        assertThat(door.value(TOKEN)).isEqualTo("hunter2");
        assertThat(door.toTree()).containsEntry("token", "***");
        assertThat(door.toString()).doesNotContain("hunter2");

        read(DOOR, map("port", 1, "token", "hunter2\u0000"));
        assertThat(faults.all())
                .extracting(Fault::toString)
                .containsExactly("token: *** (expected: a token) [lb.yaml:2:1]");
    }

    @Test
    void makesPartsByTheirNames() {
        Settings alone = read(DOOR, map("port", 1, "policy", "fixed"));
        Settings withSettings = read(DOOR, map("port", 1, "policy", map("type", "fixed", "size", 3)));

        assertThat(alone.value(POLICY).create(String.class)).isEqualTo("size 1");
        assertThat(withSettings.value(POLICY).create(String.class)).isEqualTo("size 3");
        assertThat(withSettings.toTree()).containsEntry("policy", map("type", "fixed", "size", 3L));
    }

    @Test
    void namesAPartByAnAddressOfItsScheme() {
        Settings addressed = read(DOOR, map("port", 1, "policy", "fixed://4"));

        assertThat(addressed.value(POLICY).create(String.class)).isEqualTo("size 4");
        assertThat(addressed).isEqualTo(read(DOOR, map("port", 1, "policy", map("type", "fixed", "size", 4))));
    }

    @Test
    void reportsAddressesThatAreWrong() {
        read(DOOR, map("port", 1, "policy", "fixed://four"));
        read(DOOR, map("port", 1, "policy", "fixed://40"));
        read(DOOR, map("port", 1, "policy", "fluid://4"));

        assertThat(faults.all())
                .extracting(Fault::message)
                .containsExactly(
                        "policy: \"fixed://four\" (expected: fixed://size)",
                        "policy.size: 40 (expected: 1..9)",
                        "policy: \"fluid://4\" (expected: one of fixed)");
    }

    @Test
    void reportsPartsThatAreNotThereAndSettingsThatAreWrong() {
        read(DOOR, map("port", 1, "policy", "fixd"));
        read(DOOR, map("port", 1, "policy", map("type", "fixed", "size", 10)));

        assertThat(faults.all())
                .extracting(Fault::message)
                .containsExactly(
                        "policy: \"fixd\" (expected: one of fixed; did you mean \"fixed\"?)",
                        "policy.size: 10 (expected: 1..9)");
    }

    @Test
    void comparesPartsByNameAndSettings() {
        Settings one = read(DOOR, map("port", 1, "policy", "fixed"));
        Settings same = read(DOOR, map("port", 1, "policy", map("type", "fixed", "size", 1)));
        Settings other = read(DOOR, map("port", 1, "policy", map("type", "fixed", "size", 2)));

        assertThat(same).isEqualTo(one).hasSameHashCodeAs(one);
        assertThat(other).isNotEqualTo(one);
    }

    @Test
    void comparesWrappedPartsByTheObject() {
        assertThat(Part.of("own", "a")).isEqualTo(Part.of("own", "a")).isNotEqualTo(Part.of("own", "b"));
    }

    @Test
    void refusesToMakeAPartOfAnotherType() {
        assertThatThrownBy(() -> Part.of("own", "a").create(Integer.class))
                .hasMessage("part own: java.lang.String (expected: java.lang.Integer)");
    }

    @Test
    void comparesSettingsByValueWhereverItCameFrom() {
        Settings fromFile = read(DOOR, map("port", 1));
        Draft draft = new Draft(DOOR);
        draft.set(PORT, 1, Origin.setter("port", type -> false));
        draft.set(TAGS, List.of(), Origin.setter("tags", type -> false));

        assertThat(draft.complete(scope())).isEqualTo(fromFile);
    }

    @Test
    void addsToAListThatWasSet() {
        Draft draft = new Draft(DOOR);
        draft.set(PORT, 1, Origin.byDefault());
        draft.set(TAGS, List.of("a"), Origin.byDefault());
        draft.add(TAGS, "b", Origin.byDefault());
        draft.set(WEIGHTS, Map.of("x", 1), Origin.byDefault());
        draft.put(WEIGHTS, "y", 2, Origin.byDefault());

        Settings door = draft.complete(scope());
        assertThat(door.value(TAGS)).containsExactly("a", "b");
        assertThat(door.value(WEIGHTS)).containsExactly(Map.entry("x", 1), Map.entry("y", 2));
    }

    @Test
    void beginsWithSettingsThatAreThereAlready() {
        Settings first = read(HOUSE, map("doors", map("front", map("port", 1, "weights", map("a", 1)))));
        Settings again = Draft.of(first).complete(scope());

        assertThat(again).isEqualTo(first);
        assertThat(again.origin(DOORS)).isEqualTo(first.origin(DOORS));
    }

    @Test
    void reportsEveryWrongElement() {
        read(DOOR, map("port", 1, "tags", List.of("a b", "c", "d!"), "weights", map("x", 10)));

        assertThat(faults.all()).extracting(Fault::path).containsExactlyInAnyOrder("tags[0]", "tags[2]", "weights.x");
    }

    @Test
    void refusesOptionsOfOtherSections() {
        assertThatThrownBy(() -> new Draft(HOUSE).set(PORT, 1, Origin.byDefault()))
                .hasMessage("option: port (expected: one of house)");
    }

    @Test
    void refusesToDeclareAnOptionTwice() {
        assertThatThrownBy(() -> Section.of("twice", "Twice.").options(PORT, PORT))
                .hasMessage("option port of twice: declared twice");
    }

    @Test
    void refusesARequiredOptionWithADefault() {
        assertThatThrownBy(() -> Option.of("x", OptionTypes.bool(), "X.")
                        .required()
                        .defaultsTo(true)
                        .build())
                .hasMessageContaining("required with a default");
    }

    private Settings read(Section section, Map<String, Object> tree) {
        Draft draft = new Draft(section);
        draft.read((Node.Entries) Trees.node(tree), scope());
        return draft.complete(scope());
    }

    private Scope scope() {
        return Scope.root(faults, PartCatalog.of(List.of(new Fixed())));
    }

    /** A part of one setting. */
    private static final class Fixed implements PartFactory<String> {
        private static final Option<Integer> SIZE = Option.of("size", OptionTypes.integer(1, 9), "Size.")
                .defaultsTo(1)
                .build();

        @Override
        public String kind() {
            return "policy";
        }

        @Override
        public String name() {
            return "fixed";
        }

        @Override
        public Section section() {
            return SECTION;
        }

        private static final Section SECTION = Section.of("fixed", "Fixed.")
                .options(SIZE)
                .shorthand(new Shorthand("fixed://size", Fixed::fill))
                .build();

        private static void fill(Draft draft, String text, Origin origin) {
            draft.set(SIZE, Integer.valueOf(text.substring("fixed://".length())), origin);
        }

        @Override
        public String create(Settings settings) {
            return "size " + settings.value(SIZE);
        }
    }
}
