import RegiopostModel
import Testing

@Suite("Addresses") struct AddressTests {
    @Test(
        "addresses are read and written the same",
        arguments: [
            "gm0518/griffie", "gm0503/formateur", "pv28/secretariaat", "pv28/accounthouder-haagse-regio",
            "gm0503/registratuur", "pv28/registratuur",
        ]) func roundTrip(text: String)
    {
        #expect(Address(text)?.text == text)
    }

    @Test(
        "what is no address is refused",
        arguments: [
            "gm518/griffie", "GM0518/griffie", "gm0518", "gm0518/", "gm0518/koning", "gm0518/secretariaat",
            "pv28/griffie", "pv28/accounthouder-", "pv28/accounthouder-Haagse", "pv28/accounthouder",
            "gm0518/griffie/x",
            "gm０５１８/griffie",
        ]) func refused(text: String)
    {
        #expect(Address(text) == nil)
    }

    @Test("the formateur is succeeded by the college") func successor() {
        #expect(Address("gm0503/formateur")?.successor == Address("gm0503/college"))
        #expect(Address("gm0503/college")?.successor == nil)
    }
}
