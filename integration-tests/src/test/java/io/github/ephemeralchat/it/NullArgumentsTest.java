package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * A null that is not allowed is refused at once, by a {@link NullPointerException} whose message is the parameter's name, or
 * that of what is set. The test calls every public constructor and method of the exported packages with null for each
 * parameter that is not {@link Nullable}, and with a sample for each other one. What it does not call is listed with a reason.
 */
class NullArgumentsTest {

    /**
     * What is not called, by the reason: a member such as {@code Type.method}, or a type for its constructors and methods and
     * those of its nested types, apart from the static ones; {@code Type.*} is these as well.
     */
    private static final Map<String, Set<String>> EXEMPT = Map.of(
            "the library and its stores make it for each entry, answer or signal",
            Set.of(
                    "BodyLife",
                    "HistoryPage",
                    "Membership",
                    "Message",
                    "Participant",
                    "Room",
                    "RoomEvent",
                    "RoomIncarnation",
                    "RoomSummary",
                    "Appended",
                    "Draft",
                    "EntryBody.*",
                    "LogEntry",
                    "LogPage",
                    "Member",
                    "NodeSignal",
                    "RoomSignal",
                    "RoomState",
                    "RoomStore.Authenticated",
                    "RoomStore.Claimed",
                    "RoomStore.Joined",
                    "RoomStore.Seat",
                    "ChatTransport.PostResult",
                    "ChatTransport.SeatTaken",
                    "DeliveryCheck.Outcome"),
            "the library calls it, and hosts and backends implement it; what implements it is not called either",
            Set.of(
                    "ChatObserver",
                    "MessageGuard.judge",
                    "MessageGuard.judgeEntry",
                    "RoomListener",
                    "WelcomeCheck",
                    "AsyncRoomStore",
                    "RoomBroadcaster",
                    "RoomStore",
                    "SharedEvent",
                    "StreamSink"),
            "a server's adapter calls it for each request or stream, with what its own server has made",
            Set.of(
                    "ApiRequest",
                    "ApiResponse",
                    "ChatApi.asksGuard",
                    "ChatApi.begin",
                    "ChatApi.handle",
                    "ChatApi.handleAsync",
                    "ChatApi.hasResource",
                    "ChatApi.logStart",
                    "ChatApi.openStream",
                    "ChatApi.overloaded",
                    "ChatApi.refuse",
                    "ChatApi.refused",
                    "EventPoll",
                    "EventStream",
                    "PendingRequest"));

    private static final Samples SAMPLES = new Samples();

    @AfterAll
    static void closeSamples() {
        SAMPLES.close();
    }

    @Test
    void nullIsRefusedByItsName() {
        List<Executable> called = types().flatMap(NullArgumentsTest::members)
                .filter(member -> !isExempt(member))
                .toList();
        assertThat(called).hasSizeGreaterThan(150);
        assertThat(called.stream().flatMap(NullArgumentsTest::faults)).isEmpty();
    }

    @Test
    void everyExemptionIsThere() {
        Set<String> unknown = new TreeSet<>();
        EXEMPT.values().forEach(unknown::addAll);
        types().flatMap(NullArgumentsTest::members).forEach(member -> unknown.removeIf(name -> matches(name, member)));
        assertThat(unknown).isEmpty();
    }

    @Test
    void nullThatIsTakenIsFound() {
        assertThat(members(Careless.class).flatMap(NullArgumentsTest::faults))
                .containsExactlyInAnyOrder(
                        "NullArgumentsTest.Careless.takes(name): took null",
                        "NullArgumentsTest.Careless.namesAnother(name): NullPointerException: other",
                        "NullArgumentsTest.Careless.wants(name): no sample of java.lang.Thread");
    }

    /** What the test has to find. */
    public static final class Careless {

        private Careless() {}

        /** Takes it. */
        public static void takes(String name) {}

        /** Refuses it by another name. */
        public static void namesAnother(String name) {
            Objects.requireNonNull(name, "other");
        }

        /** Cannot be called. */
        public static void wants(String name, @Nullable String other, Thread thread) {
            Objects.requireNonNull(thread, "thread");
        }
    }

    /** The public types of the published modules, apart from the starter, whose types Spring makes, and the contract tests. */
    private static Stream<Class<?>> types() {
        return ArchitectureTest.OURS.stream()
                .filter(type -> !type.getPackageName().contains(".internal.")
                        && !type.getPackageName().endsWith(".tck"))
                .<Class<?>>map(JavaClass::reflect)
                .filter(type -> Stream.<Class<?>>iterate(type, Objects::nonNull, Class::getEnclosingClass)
                        .allMatch(each -> Modifier.isPublic(each.getModifiers())))
                .filter(type -> !Throwable.class.isAssignableFrom(type)); // It would hide the failure that it tells of.
    }

    /** The public members that have a parameter to which null is not allowed. */
    private static Stream<Executable> members(Class<?> type) {
        return Stream.<Executable>concat(
                        Stream.of(type.getDeclaredConstructors()), Stream.of(type.getDeclaredMethods()))
                .filter(member -> Modifier.isPublic(member.getModifiers()) && !member.isSynthetic())
                .filter(member -> !member.getName().equals("equals") && !isOfEveryEnum(member))
                .filter(member -> refusing(member).findAny().isPresent());
    }

    private static boolean isOfEveryEnum(Executable member) {
        return member.getDeclaringClass().isEnum() && member.getName().equals("valueOf");
    }

    private static boolean isExempt(Executable member) {
        return EXEMPT.values().stream().flatMap(Set::stream).anyMatch(name -> matches(name, member))
                || interfaces(member.getDeclaringClass()).anyMatch(type -> hasExempt(type, member));
    }

    private static Stream<Class<?>> interfaces(Class<?> type) {
        return Stream.of(type.getInterfaces()).flatMap(each -> Stream.concat(Stream.of(each), interfaces(each)));
    }

    private static boolean hasExempt(Class<?> type, Executable member) {
        return Stream.of(type.getMethods())
                .filter(method -> method.getName().equals(member.getName())
                        && Arrays.equals(method.getParameterTypes(), member.getParameterTypes()))
                .anyMatch(NullArgumentsTest::isExempt);
    }

    private static boolean matches(String exemption, Executable member) {
        String type = name(member.getDeclaringClass());
        boolean isStatic = Modifier.isStatic(member.getModifiers());
        Predicate<String> hasType = name -> type.equals(name) || type.startsWith(name + ".");
        return exemption.endsWith(".*")
                ? hasType.test(exemption.substring(0, exemption.length() - 2))
                : exemption.equals(type + "." + member.getName()) || (!isStatic && hasType.test(exemption));
    }

    private static String name(Class<?> type) {
        return type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
    }

    private static IntStream refusing(Executable member) {
        return IntStream.range(0, member.getParameterCount())
                .filter(at -> !member.getParameterTypes()[at].isPrimitive() && !isNullable(member, at));
    }

    private static boolean isNullable(Executable member, int at) {
        AnnotatedElement type = member.getParameters()[at].getAnnotatedType();
        return type.isAnnotationPresent(Nullable.class) || isNullableComponent(member, at);
    }

    /** What a record's compact constructor does not repeat. */
    private static boolean isNullableComponent(Executable member, int at) {
        RecordComponent[] components = member.getDeclaringClass().getRecordComponents();
        return member instanceof Constructor
                && components != null
                && Arrays.equals(
                        member.getParameterTypes(),
                        Stream.of(components).map(RecordComponent::getType).toArray())
                && components[at].getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static Stream<String> faults(Executable member) {
        return refusing(member).mapToObj(at -> fault(member, at)).flatMap(Stream::ofNullable);
    }

    private static @Nullable String fault(Executable member, int at) {
        Parameter parameter = member.getParameters()[at];
        String result;
        try {
            Throwable thrown = call(member, at);
            if (thrown instanceof NullPointerException
                    && names(member, parameter).contains("" + thrown.getMessage())) {
                return null;
            }
            result = thrown == null ? "took null" : thrown.getClass().getSimpleName() + ": " + thrown.getMessage();
        } catch (Samples.MissingException e) {
            result = e.getMessage();
        }
        String what = member instanceof Constructor ? "new" : member.getName();
        return name(member.getDeclaringClass()) + "." + what + "(" + parameter.getName() + "): " + result;
    }

    /** The parameter's name; of a method that sets one thing also its name, as its other exceptions say it. */
    private static List<String> names(Executable member, Parameter parameter) {
        String set = member.getName().replaceFirst("^with(?=[A-Z])", "");
        return List.of(parameter.getName(), set.substring(0, 1).toLowerCase(Locale.ROOT) + set.substring(1));
    }

    private static @Nullable Throwable call(Executable member, int at) {
        Object[] arguments = IntStream.range(0, member.getParameterCount())
                .mapToObj(each ->
                        each == at || isNullable(member, each) ? null : SAMPLES.of(member.getParameterTypes()[each]))
                .toArray();
        boolean isStatic = Modifier.isStatic(member.getModifiers());
        try {
            if (member instanceof Constructor<?> constructor) {
                constructor.newInstance(arguments);
            } else {
                ((Method) member).invoke(isStatic ? null : SAMPLES.of(member.getDeclaringClass()), arguments);
            }
            return null;
        } catch (InvocationTargetException e) {
            return e.getCause();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the member is public", e);
        }
    }
}
