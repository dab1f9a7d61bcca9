"""First names that are names in their own right: two of them are two people, even when one letter apart.

Names often given in the United States since 1940, with feminine and masculine forms beside each other.
Whether a name is listed matters only beside a similar one: a listed name is no slip of another listed one.
"""

from __future__ import annotations

_NAMES = """
aaliyah aaron abby abigail ada adam adela adele adrian adriana adrienne agatha agnes ahmed aidan aiden
aileen aimee alan alana albert alberta alberto alejandra alejandro alex alexa alexander alexandra alexandria
alexis alfred alfreda ali alice alicia alina alisa alison aliyah allan allen allison alma alvin alyssa
amanda amar amber amelia amir amit amy ana anastasia andre andrea andreas andres andrew andy angel angela
angelica angelina angelo anika anil anita ann anna annabelle anne annette annie anthony antoine antonia
antonio april ariana ariel arlene arnold arthur arturo asher ashley ashton aubrey audrey august augusta
augustus aurora austin autumn ava avery barbara barry beatrice becky belinda bella ben benita benito
benjamin bernadette bernard bernice bert bertha bessie beth bethany betsy betty beverly bianca bill billie
billy blake blanca bob bobbie bobby bonnie brad bradley brady brandi brandon brandy brayden breanna brenda
brendan brenna brent brett brian briana brianna bridget brittany brittney brody brooke bruce bruno bryan
bryant bryce byron caden caitlin caleb callie calvin cameron camila camille candace candice carina carissa
carl carla carlo carlos carlton carly carmen carol carole carolina caroline carolyn carrie carson carter
casey cassandra cassidy catalina catherine cathy cecelia cecil cecilia cedric celeste celia cesar chad
charlene charles charlie charlotte chase chelsea cheryl chester chloe chris christian christina christine
christopher christy cindy claire clara clarence claude claudia clayton clifford clifton clinton clyde cody
colby cole colin colleen connie connor conrad constance cooper cora corey corinne courtney craig cristian
cristina crystal curtis cynthia daisy dale dallas dalton damian damien damon dan dana danica daniel daniela
daniella danielle danny daphne darcy darius darla darlene darrell darren darryl dave david dawn dean deanna
debbie deborah debra deidre delia della delores denis denise dennis derek derrick desiree devin devon diana
diane dianne diego dina dixie dolores dominic dominica dominick dominique don donald donna dora doreen doris
dorothy doug douglas drew duane dustin dwayne dwight dylan earl ebony eddie edgar edith edmund eduardo
edward edwin eileen elaine eleanor elena eli elias elijah elisa elisabeth elise eliza elizabeth ella ellen
ellie elliot elmer eloise elsa elsie emery emil emilia emilio emily emma emmanuel enrique eric erica erick
erik erika erin ernest ernestine ernesto esmeralda esteban estelle esther ethan ethel eugene eugenia eva
evan evangeline eve evelyn everett faith fatima faye felicia felipe felix fernanda fernando florence floyd
frances francesca francesco francis francisca francisco frank frankie franklin fred freda frederica
frederick gabriel gabriela gabriella gabrielle gail garrett gary gavin gene genevieve geoffrey george
georgia georgina gerald geraldine gerard gerardo gia gilbert gina giovanna giovanni gladys glen glenda glenn
gloria gordon grace gracie grant greg gregory greta gretchen guadalupe guillermo gustavo guy gwen gwendolyn
hailey haley halle hallie hannah harold harriet harry harvey hassan hayden hazel heather hector heidi helen
helena helene henrietta henry herbert herman hilda holly hope howard hugh hugo hui hunter hussein ian ida
ignacio imani ines ingrid irene iris irma irving isaac isabel isabella isabelle isaiah ismael israel ivan
jack jackie jackson jacob jacqueline jada jade jaden jaime jake jalen james jamie jan jana janae jane
janelle janet janice janie janine jared jasmine jason jasper javier jay jayden jean jeanette jeanne jeff
jeffrey jenna jennie jennifer jenny jeremiah jeremy jermaine jerome jerry jesse jessica jessie jesus jill
jillian jim jimmy jin jing jo joan joann joanna joanne joaquin jocelyn jodi jody joe joel joelle joey
johanna john johnny jon jonah jonathan jordan jordyn jorge jose josefina joseph josephine joshua josiah
josie joy joyce juan juana juanita judith judy julia julian juliana julianna julianne julie juliet julio
julius jun june justin justina justine kaitlyn kaleb kara karen kari karina karl karla kate katelyn
katherine kathleen kathryn kathy katie katrina kay kayla kaylee keira keith kelly kelsey kelvin ken kendra
kenneth kent kerry kevin kiara kiera kim kimberly kira kirk kirsten krista kristen kristi kristie kristin
kristina kristine kristy krystal kurt kyle kylie kyra lance landon lara larry laura laurel lauren laurence
laurie lawrence layla leah lee leia leila lena leo leon leona leonard leonardo leroy leslie lester leticia
levi lewis li lia liam lillian lillie lily lin linda lindsay lindsey ling lisa liz liza lloyd logan lois
lola lonnie lora loren lorena lorenzo loretta lori lorraine louis louisa louise lucas lucia luciana luciano
lucille lucinda lucy luis luisa luke lula luna luther lydia lyle lynda lynette lynn lynne mabel mackenzie
madeline madison mae maggie malcolm malia malik mandy manuel manuela mara marc marcel marcela marcella
marcelo marcia marcos marcus margaret margarita marge margie marguerite maria mariah marian mariana marianne
marie mariela mariella marilyn marina mario marion marisa marisol marissa marjorie mark marla marlene marlon
marsha marshall marta martha martin martina marvin mary maryann mason mateo matt matthew maureen maurice
mauricio max maxine maya megan mei melanie melinda melissa melody melvin mercedes meredith mia micah michael
michaela michele michelle miguel mikayla mike mildred miles miley milton min ming minnie miranda miriam
misty mitchell mohammed moises molly mona monica monique morgan moses muhammad muriel mya myles myra myrna
myrtle nadia nadine nancy naomi natalia natalie natasha nathan nathaniel neal neil nelson nicholas nick
nicola nicolas nicole nina noah noel noelle nola nora norma norman olga olive oliver olivia omar ora orlando
oscar otis owen paige pam pamela parker pat patrice patricia patrick patsy patti patty paul paula paulette
paulina pauline pearl pedro peggy penny percy perry pete peter peyton philip phillip phyllis preston
priscilla priya quentin rachel rafael rafaela raj rajesh ralph ramesh ramon ramona randall randy raquel raul
raven ravi ray raymond reagan rebecca regina reginald rene renee rex reynaldo rhonda ricarda ricardo richard
rick ricky riley rita rob robert roberta roberto robin robyn rocco rochelle roderick rodney rodolfo rodrigo
roger roland rolando roman romeo ron ronald ronnie rosa rosalie rosalind rosalyn rosario rose roseann
rosemarie rosemary rosie ross rowan roxana roxanne roy ruben ruby rudolph rudy russell ruth ryan ryder
sabrina sadie sally salvador sam samantha samuel sandra sandy santiago sara sarah savannah sawyer scott sean
sebastian selena serena sergio seth shane shania shannon shari sharon shaun shauna shawn shawna shayla
sheena sheila shelby sheldon shelley shelly sheri sherman sherri sherry sheryl shirley sidney sierra silvia
silvio simon simone sofia sonia sonja sonny sonya sophia sophie spencer stacey staci stacia stacy stanley
stefan stella stephan stephanie stephen steve steven stewart stuart sue summer sunil sunita suresh susan
susana susanna susanne suzanne sydney sylvester sylvia tabitha tamara tami tammy tania tanya tara tasha
tatiana taylor ted terence teresa teri terrance terrell terrence terri terry tessa thelma theo theodora
theodore theresa thomas tia tiffany tim timothy tina tobias todd tom tomas tommy toni tony tonya tracey
traci tracy travis trent trevor tricia trinity tristan troy tyler tyra tyrone tyson uma ursula valentina
valentine valeria valerie vanessa velma vera verna vernon veronica vicki vickie vicky victor victoria
vincent viola violet virgil virginia vita vito vivian vivienne wade wallace walter wanda warren wayne wei
wendell wendy wes wesley whitney wilbur will willa willard william willie wilma wilson winifred wyatt xavier
xin yan yang yasmin yesenia yolanda yusuf yvette yvonne zachary zane zara zoe zoey
"""

GIVEN_NAMES = frozenset(_NAMES.split())
