package io.github.ephemeralchat.redis;

import static net.bytebuddy.matcher.ElementMatchers.isDefaultConstructor;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.none;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.agent.builder.AgentBuilder.RedefinitionStrategy;
import net.bytebuddy.agent.builder.AgentBuilder.Transformer;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.AsmVisitorWrapper;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Type;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.utility.OpenedClassReader;
import org.jspecify.annotations.Nullable;

/**
 * A Java agent that sets the wall clock of its whole process forth or back, on whatever system: for the library, for
 * Lettuce and netty, and for {@code java.time}. What is monotonic goes on as it did.
 */
public final class ShiftedClock {

    private static final String SHIFT = "test.clock.shift";

    private ShiftedClock() {}

    /** The JVM's option that does it. */
    static String option(Path folder, Duration shift) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Premain-Class", ShiftedClock.class.getName());
        main.putValue("Can-Retransform-Classes", "true");
        Path jar = folder.resolve("shifted-clock.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream ignored = new JarOutputStream(file, manifest)) {
            return "-javaagent:" + jar + "=" + shift.toMillis();
        }
    }

    /** Called by the JVM before the program. */
    public static void premain(String millis, Instrumentation jvm) {
        System.setProperty(SHIFT, millis);
        new AgentBuilder.Default()
                .disableClassFormatChanges()
                .with(RedefinitionStrategy.RETRANSFORMATION)
                .ignore(none())
                .type(named("java.time.Clock"))
                .transform(advice(ShiftInstant.class, named("currentInstant")))
                .type(named("java.time.Clock$SystemClock"))
                .transform(advice(ShiftMillis.class, named("millis")))
                .type(named("java.util.Date"))
                .transform(advice(ShiftDate.class, isDefaultConstructor()))
                .installOn(jvm);
        jvm.addTransformer(new CallsOfTheSystem());
    }

    private static Transformer advice(Class<?> advice, ElementMatcher<? super MethodDescription> where) {
        AsmVisitorWrapper change = Advice.to(advice).on(where);
        return (builder, type, loader, module, domain) -> builder.visit(change);
    }

    /** Lets every class but the JDK's call {@link #millis} in place of {@code System.currentTimeMillis()}. */
    private static final class CallsOfTheSystem implements ClassFileTransformer {

        private static final String METHOD = "currentTimeMillis";
        private static final String HERE = Type.getInternalName(ShiftedClock.class);

        @Override
        public byte @Nullable [] transform(
                ClassLoader loader, String name, Class<?> type, ProtectionDomain domain, byte[] content) {
            boolean calls = new String(content, StandardCharsets.ISO_8859_1).contains(METHOD);
            if (loader == null || name.equals(HERE) || !calls) {
                return null;
            }
            ClassReader reader = new ClassReader(content);
            ClassWriter writer = new ClassWriter(reader, 0);
            reader.accept(new Redirected(writer), 0);
            return writer.toByteArray();
        }

        private static final class Redirected extends ClassVisitor {

            Redirected(ClassVisitor next) {
                super(OpenedClassReader.ASM_API, next);
            }

            @Override
            public MethodVisitor visitMethod(int access, String name, String type, String generic, String[] thrown) {
                return new MethodVisitor(api, super.visitMethod(access, name, type, generic, thrown)) {
                    @Override
                    public void visitMethodInsn(int code, String owner, String called, String type, boolean ofType) {
                        boolean ours = owner.equals("java/lang/System") && called.equals(METHOD);
                        super.visitMethodInsn(code, ours ? HERE : owner, ours ? "millis" : called, type, ofType);
                    }
                };
            }
        }
    }

    /** What stands where {@code System.currentTimeMillis()} was. */
    public static long millis() {
        return System.currentTimeMillis() + Long.getLong(SHIFT, 0);
    }

    // What follows is copied into classes of the JDK: it knows nothing but these.

    private static final class ShiftInstant {
        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) Instant now) {
            now = now.plusMillis(Long.getLong("test.clock.shift", 0));
        }
    }

    private static final class ShiftMillis {
        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) long now) {
            now += Long.getLong("test.clock.shift", 0);
        }
    }

    private static final class ShiftDate {
        @Advice.OnMethodExit
        static void exit(@Advice.This Date now) {
            now.setTime(now.getTime() + Long.getLong("test.clock.shift", 0));
        }
    }
}
